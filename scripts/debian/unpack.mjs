// Packages that are unpacked into a folder and not installed.
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

import { hostApt, suiteApt } from './apt.mjs'
import { HostError, PinError } from './host.mjs'

/** Written last, before the folder gets its name: a folder without it is no whole one. */
const STAMP = '.bootwire-unpacked.json'

const pinOf = ({ package: name, version, sha256 }) => ({ package: `${name}`, version, sha256 })

/** What was unpacked at a folder, when that is whole and what the row asks for. */
export const stampOf = (row, folder) => {
  try {
    const stamp = JSON.parse(readFileSync(join(folder, STAMP), 'utf8'))
    return JSON.stringify(stamp.pin) === JSON.stringify(pinOf(row)) ? stamp : undefined
  } catch {
    return undefined // not there, or of a time before stamps
  }
}

/** The highest numbered of the packages whose name the expression describes. */
const newest = (apt, expression) => {
  const prefix = /^\^?([a-z0-9.+-]*)/.exec(expression.source)[1]
  const numbered = apt
    .cache(['pkgnames', prefix])
    .split('\n')
    .map((name) => expression.exec(name))
    .filter((match) => match !== null)
  const [best] = numbered.toSorted((a, b) => Number(b[1]) - Number(a[1]))
  return best?.[0]
}

/** The real package behind a metapackage such as linux-image-cloud-amd64. */
const realNameOf = (apt, name) => {
  if (!name.startsWith('linux-image-')) return name
  return /Depends: (linux-image-[^\s:]+)/.exec(apt.cache(['depends', '--important', name]))?.[1]
}

const has = (apt, name, version) =>
  apt
    .cache(['madison', name])
    .split('\n')
    .some((line) => version === undefined || line.split('|')[1]?.trim() === version)

/** The name and version to download; undefined where the release has no such package. */
const chosen = (apt, row, say) => {
  const named = row.package instanceof RegExp ? newest(apt, row.package) : row.package
  if (named === undefined || !apt.cache(['pkgnames', named]).split('\n').includes(named))
    return undefined
  const name = realNameOf(apt, named) ?? named
  if (row.version === undefined || has(apt, name, row.version))
    return { name, version: row.version }
  say(
    `Debian ${row.suite} no longer has ${name} ${row.version}, which is pinned: taking what it has`,
  )
  return { name, version: undefined }
}

const debsIn = (folder) => readdirSync(folder).filter((file) => file.endsWith('.deb'))

const download = (apt, row, { name, version }, scratch) => {
  const wanted = version === undefined ? name : `${name}=${version}`
  if (!row.closure) {
    // apt drops its rights to the user _apt, who may not write here: take it back for this one download.
    apt.get(['download', '-q', '-o', 'APT::Sandbox::User=root', wanted], { cwd: scratch })
    return
  }
  const archives = join(scratch, 'archives')
  mkdirSync(join(archives, 'partial'), { recursive: true })
  const options = ['-y', '-q', '--download-only', '--no-install-recommends']
  apt.get(['install', ...options, '-o', `Dir::Cache::archives=${archives}`, wanted])
  for (const file of debsIn(archives)) renameSync(join(archives, file), join(scratch, file))
}

const fieldsOf = (host, file) => {
  const printed = host.run('dpkg-deb', ['-f', file, 'Package', 'Version', 'Architecture'])
  const field = (name) => new RegExp(`^${name}: (.*)$`, 'm').exec(printed)?.[1]
  return {
    package: field('Package'),
    version: field('Version'),
    architecture: field('Architecture'),
  }
}

const sha256Of = (file) => createHash('sha256').update(readFileSync(file)).digest('hex')

/** Programs ask for /lib64/ld-linux…, also where every package lies below /usr. */
const mergeUsr = (root) => {
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    if (!existsSync(join(root, name)) && existsSync(join(root, 'usr', name)))
      symlinkSync(`usr/${name}`, join(root, name))
  }
}

/** apt for a row: the host's own, or one with its own lists. */
const aptOf = (host, row, lists) => {
  if (!row.suite && !row.architecture) return hostApt(host)
  const suite = row.suite ?? host.codename()
  const folder = join(lists, [suite, row.architecture].filter(Boolean).join('-'))
  return suiteApt(host, suite, row.architecture, folder)
}

/** What a run left that was killed. By age, not by process: a root of its own has other process ids. */
const STALE_MS = 3_600_000
const sweep = (to) => {
  const parent = join(to, '..')
  const begin = `${to.slice(parent.length + 1)}.part-`
  for (const name of readdirSync(parent).filter((each) => each.startsWith(begin))) {
    const path = join(parent, name)
    if (Date.now() - statSync(path).mtimeMs > STALE_MS) rmSync(path, { recursive: true })
  }
}

/**
 * Unpacks one row's package to the folder, whole or not at all.
 *
 * @returns whether the release has such a package
 */
export const unpack = (host, row, to, lists, say) => {
  const apt = aptOf(host, row, lists)
  apt.update()
  const choice = chosen(apt, row, say)
  if (!choice) return false
  say(
    `unpacking the Debian package ${[choice.name, choice.version, row.suite].filter(Boolean).join(' ')} (not installed)`,
  )
  mkdirSync(join(to, '..'), { recursive: true })
  sweep(to)
  const scratch = `${to}.part-${process.pid}-${Date.now()}`
  const root = join(scratch, 'root')
  mkdirSync(root, { recursive: true })
  try {
    download(apt, row, choice, scratch)
    let stamp
    for (const file of debsIn(scratch).map((name) => join(scratch, name))) {
      const fields = fieldsOf(host, file)
      if (fields.package === choice.name) stamp = { ...fields, sha256: sha256Of(file) }
      host.run('dpkg-deb', ['-x', file, root])
    }
    if (!stamp) throw new HostError(`apt downloaded no ${choice.name}`)
    if (choice.version !== undefined && row.sha256 && stamp.sha256 !== row.sha256)
      throw new PinError(
        `${choice.name} ${stamp.version} has the SHA-256 ${stamp.sha256}; the pin says ${row.sha256}`,
      )
    if (row.closure) mergeUsr(root)
    writeFileSync(join(root, STAMP), `${JSON.stringify({ ...stamp, pin: pinOf(row) })}\n`)
    rmSync(to, { recursive: true, force: true })
    renameSync(root, to)
  } catch (error) {
    // Another process may have been quicker: then there is what was asked for.
    if (!stampOf(row, to)) throw error
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  return true
}
