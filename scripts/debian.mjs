// The Debian packages that tests, benchmarks and the demo use. Node built-ins only.
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { hostApt, mirrorOf } from './debian/apt.mjs'
import { HostError, PinError, realHost } from './debian/host.mjs'
import { availableOf, install, missingOf } from './debian/install.mjs'
import { INSTALLED, UNPACKED } from './debian/table.mjs'
import { stampOf, unpack } from './debian/unpack.mjs'

export { INSTALLED, UNPACKED }

const cache = join(dirname(fileURLToPath(import.meta.url)), '..', '.cache', 'debian')

const placeOf = (folder, host, name) => join(folder, UNPACKED[name].suite ?? host.codename(), name)

/** Where an unpacked package lies, whether or not it is there yet. */
export const unpackedAt = (name) => placeOf(cache, realHost, name)

/** The version of an unpacked package; undefined while it is not there. */
export const unpackedVersion = (name) => stampOf(UNPACKED[name], unpackedAt(name))?.version

/** A folder below an unpacked package that releases have at different places: `lib/modules`, `usr/lib/modules`. */
export const unpackedFolder = (name, ...places) => {
  const found = places
    .map((place) => join(unpackedAt(name), place))
    .find((path) => existsSync(path))
  if (found) return found
  const top = existsSync(unpackedAt(name)) ? readdirSync(unpackedAt(name)).join(', ') : 'nothing'
  throw new Error(`${unpackedAt(name)} has no ${places.join(' and no ')}; it holds ${top}`)
}

export const isRoot = () => realHost.isRoot()
export const isDebianLike = () => realHost.isDebianLike()

/** The mirror of Debian that this host's apt is set up with. */
export const debianMirror = () => mirrorOf(realHost)

/** The names of rows that `npm test` brings. */
export const TESTED = Object.keys(UNPACKED).filter((name) => UNPACKED[name].when === undefined)

const unfit = (host) => {
  if (!host.isDebianLike()) return 'this is not a Debian-like Linux (it has no apt-get and dpkg)'
  if (!host.isRoot()) return 'this user may not install Debian packages or make network namespaces'
  return undefined
}

const lackSentence = (host, name, what) =>
  `Debian ${host.codename()} has no package ${name}: skipping what needs it (${what})`

const bringInstalled = (host, missing, say) => {
  hostApt(host).update()
  const available = availableOf(host, missing)
  for (const name of missing.filter((each) => !available.has(each)))
    say(lackSentence(host, name, INSTALLED[name] ?? 'this command'))
  const names = missing.filter((name) => available.has(name))
  if (names.length === 0) return
  say(`installing Debian packages (services stay off): ${names.join(' ')}`)
  install(host, names)
}

/**
 * Unpacks rows. A row of another suite or architecture that cannot be had costs only what it is for; the host's own
 * release is what nearly every test stands on.
 */
const unpacker = (host, lists, say) => {
  const failed = new Set()
  return (row, to) => {
    const isElsewhere = row.suite !== undefined || row.architecture !== undefined
    const from = [row.suite ?? host.codename(), row.architecture].filter(Boolean).join(' ')
    if (failed.has(from)) {
      say(`skipping what needs ${row.package} (${row.for})`)
      return
    }
    try {
      if (!unpack(host, row, to, lists, say)) say(lackSentence(host, `${row.package}`, row.for))
    } catch (error) {
      if (!isElsewhere || !(error instanceof HostError) || error instanceof PinError) throw error
      failed.add(from)
      say(`${error.message}: skipping what needs ${row.package} of Debian ${from} (${row.for})`)
    }
  }
}

/**
 * Makes the named packages present; does nothing where all are. What this release or another
 * suite does not give is said and left out.
 *
 * @param installed names of packages to install
 * @param unpacked names of rows of {@link UNPACKED}
 * @returns why it could not, in one sentence, or undefined
 */
export const ensureDebianPackages = (
  say,
  installed = Object.keys(INSTALLED),
  unpacked = TESTED,
  { host = realHost, folder = cache } = {},
) => {
  const at = (name) => placeOf(folder, host, name)
  const lists = join(folder, 'lists')
  const why = unfit(host)
  if (why) return why
  try {
    const missing = missingOf(host, installed)
    if (missing.length > 0) bringInstalled(host, missing, say)
    const bring = unpacker(host, lists, say)
    for (const name of unpacked.filter((each) => !stampOf(UNPACKED[each], at(each))))
      bring(UNPACKED[name], at(name))
    return undefined
  } catch (error) {
    if (!(error instanceof HostError)) throw error
    return `a Debian package cannot be had: ${error.message}`
  }
}

/** The names of `installed` and `unpacked` that are not there; what uses them is to be skipped. */
export const lackedPackages = (installed = Object.keys(INSTALLED), unpacked = TESTED) => [
  ...(isDebianLike() ? missingOf(realHost, installed) : installed),
  ...unpacked.filter((name) => !stampOf(UNPACKED[name], unpackedAt(name))),
]
