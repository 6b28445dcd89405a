// apt with its own folders: another suite or another architecture, and nothing of the host changes.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { HostError } from './host.mjs'

const KEYRINGS = ['gpg', 'pgp'].map((end) => `/usr/share/keyrings/debian-archive-keyring.${end}`)

/** Debian's own mirror, as this host's apt is set up: the one that it takes its release from. */
export const mirrorOf = (host) => {
  const printed = host.run('apt-get', ['update', '--print-uris'])
  const found = [...printed.matchAll(/^'(.+?)\/dists\/([^/']+)\/InRelease'/gm)]
  // Updates and security have mirrors of their own: `bookworm-updates`, `bookworm-security`.
  const release = found.find(([, , suite]) => !suite.includes('-'))
  if (release) return release[1]
  throw new HostError("this host's apt has no mirror of a Debian release in its sources")
}

const signedBy = () => {
  const keyring = KEYRINGS.find((path) => existsSync(path))
  return keyring ? [`Signed-By: ${keyring}`] : []
}

/** Waits, since apt does not, where another apt is at the same lists. */
const patiently = (action) => {
  for (let attempt = 0; ; attempt++) {
    try {
      return action()
    } catch (error) {
      if (attempt === 120 || !/Could not get lock|Unable to lock/.test(error.message)) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
    }
  }
}

const updated = new Set()
const once = (key, action) => {
  if (updated.has(key)) return
  patiently(action)
  updated.add(key)
}

/** The host's own apt. Installing waits for another installer. */
export const hostApt = (host) => {
  const options = ['-o', 'DPkg::Lock::Timeout=300']
  return {
    update: () => once('host', () => host.run('apt-get', ['update', '-q'])),
    get: (args, more) => host.run('apt-get', [...options, ...args], more),
    cache: (args) => host.run('apt-cache', args),
  }
}

/**
 * apt for one suite and architecture, with lists in `folder`.
 *
 * @param architecture absent: the host's own
 */
export const suiteApt = (host, suite, architecture, folder) => {
  const sources = join(folder, 'debian.sources')
  const status = join(folder, 'status')
  const settings = {
    'Dir::Etc::sourcelist': sources,
    'Dir::Etc::sourceparts': '-',
    'Dir::Etc::preferences': '-',
    'Dir::Etc::preferencesparts': '-',
    'Dir::State': folder,
    'Dir::State::status': status,
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::Cache': join(folder, 'cache'),
    // A mirror may lag behind its suite. What is taken is pinned by version and SHA-256, and lists must be signed.
    'Acquire::Check-Valid-Until': 'false',
    'Acquire::Languages': 'none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
    'APT::Sandbox::User': 'root',
    ...(architecture && { 'APT::Architecture': architecture, 'APT::Architectures': architecture }),
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  const update = () => {
    for (const name of ['lists/partial', 'cache/archives/partial'])
      mkdirSync(join(folder, name), { recursive: true })
    writeFileSync(status, '') // nothing counts as installed
    const source = ['Types: deb', `URIs: ${mirrorOf(host)}`, `Suites: ${suite}`, 'Components: main']
    writeFileSync(sources, `${[...source, ...signedBy()].join('\n')}\n`)
    host.run('apt-get', [...options, 'update', '-q', '--error-on=any'])
  }
  return {
    update: () => once(folder, update),
    get: (args, more) => host.run('apt-get', [...options, ...args], more),
    cache: (args) => host.run('apt-cache', [...options, ...args]),
  }
}
