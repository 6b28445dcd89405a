import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { ensureDebianPackages, UNPACKED, type Host } from '../debian.mjs'
import { HostError } from '../debian/host.mjs'

let folder: string
let said: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bootwire-debian-'))
  said = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const DEB = 'the bytes of a package'

/** A release with some packages, all in one version; what it is asked to do is recorded. */
class Release implements Host {
  readonly commands: string[] = []
  readonly #packages: readonly string[]
  readonly #version: string
  root = true
  debianLike = true
  reachable = true

  constructor(packages: readonly string[], version: string = '1') {
    this.#packages = packages
    this.#version = version
  }

  isRoot = (): boolean => this.root
  isDebianLike = (): boolean => this.debianLike
  codename = (): string => 'newest'
  hasSystemd = (): boolean => false
  withoutServices = (action: () => void): void => action()

  run(command: string, args: readonly string[], { cwd = '' }: { cwd?: string } = {}): string {
    const words = args.filter((word, i) => word !== '-o' && args[i - 1] !== '-o')
    this.commands.push([command, ...words].join(' '))
    const [verb, ...names] = words
    if (command === 'dpkg-query') return ''
    if (command === 'dpkg-deb') return this.#deb(words)
    if (words.includes('--print-uris'))
      return "'http://mirror.test/debian/dists/newest/InRelease' x 0\n"
    if (verb === 'update' && !this.reachable)
      throw new HostError("apt-get update: Could not resolve 'mirror.test'")
    if (verb === 'pkgnames') return this.#packages.join('\n')
    if (verb === 'madison')
      return this.#packages.map((name) => `${name} | ${this.#version} | mirror.test`).join('\n')
    if (verb === 'policy') return names.map((name) => this.#policy(name)).join('')
    if (verb === 'download') {
      const name = words.at(-1)!.replace(/=.*/, '')
      writeFileSync(join(cwd, `${name}.deb`), DEB)
    }
    return ''
  }

  #policy(name: string): string {
    const candidate = this.#packages.includes(name) ? this.#version : '(none)'
    return `${name}:\n  Installed: (none)\n  Candidate: ${candidate}\n`
  }

  #deb([flag, file = '', to]: readonly string[]): string {
    const name = /([^/]+)\.deb$/.exec(file)?.[1]
    if (flag === '-f') return `Package: ${name}\nVersion: ${this.#version}\nArchitecture: all\n`
    mkdirSync(join(to!, 'usr'), { recursive: true })
    return ''
  }
}

const ensure = (
  host: Host,
  installed: readonly string[],
  unpacked: readonly string[] = [],
): string | undefined =>
  ensureDebianPackages((line) => said.push(line), installed, unpacked, { host, folder })

const downloads = (release: Release): string[] =>
  release.commands.filter((command) => command.includes(' download'))

describe('a machine that packages are brought to', () => {
  it('is told in one sentence when it is no Debian', () => {
    const host = Object.assign(new Release([]), { debianLike: false })
    expect(ensure(host, ['squid'])).toBe(
      'this is not a Debian-like Linux (it has no apt-get and dpkg)',
    )
    expect(host.commands).toEqual([])
  })

  it('is told in one sentence when its user may not', () => {
    const host = Object.assign(new Release([]), { root: false })
    expect(ensure(host, ['squid'])).toBe(
      'this user may not install Debian packages or make network namespaces',
    )
    expect(host.commands).toEqual([])
  })

  it('is told in one sentence when the mirror is out of reach, and nothing is half done', () => {
    const host = Object.assign(new Release(['ipxe']), { reachable: false })
    const why = "a Debian package cannot be had: apt-get update: Could not resolve 'mirror.test'"
    expect(ensure(host, ['squid'])).toBe(why)
    expect(ensure(host, [], ['atftpd'])).toBe(why)
    expect(readdirSync(folder)).toEqual([])
  })

  it('goes on without what another suite does not give, asks that suite once, and says what it costs', () => {
    const host = Object.assign(new Release(['ipxe']), { reachable: false })
    expect(ensure(host, [], ['ipxe2', 'squid7'])).toBeUndefined()
    expect(said).toEqual([
      "apt-get update: Could not resolve 'mirror.test': skipping what needs ipxe of Debian sid (iPXE 2.0 for x86, ARM, RISC-V and LoongArch)",
      'skipping what needs squid (Squid 7.7)',
    ])
    expect(host.commands.filter((command) => command.startsWith('apt-get update -q'))).toHaveLength(
      1,
    )
    expect(existsSync(join(folder, 'sid'))).toBe(false)
  })

  it('goes on without a package that its release lacks, and says what that costs', () => {
    const host = new Release(['squid'])
    expect(ensure(host, ['squid', 'atftp'], ['atftpd'])).toBeUndefined()
    expect(said).toEqual([
      'Debian newest has no package atftp: skipping what needs it (atftp as client)',
      'installing Debian packages (services stay off): squid',
      'Debian newest has no package atftpd: skipping what needs it (atftp as server)',
    ])
    expect(host.commands.findLast((command) => command.includes('install'))).toMatch(/ squid$/)
  })

  it('takes the newest of packages whose name holds a number', () => {
    const host = new Release([9, 13, 12].map((n) => `debian-installer-${n}-netboot-amd64`))
    expect(ensure(host, [], ['installer'])).toBeUndefined()
    expect(downloads(host)).toEqual([expect.stringMatching(/ debian-installer-13-netboot-amd64$/)])
  })
})

describe('an unpacked package', () => {
  const { version = '', sha256 = '' } = UNPACKED['ipxe2']!

  it('is refused when its bytes are not those of the pin, and nothing is left', () => {
    const host = new Release(['ipxe'], version)
    const seen = createHash('sha256').update(DEB).digest('hex')
    expect(ensure(host, [], ['ipxe2'])).toBe(
      `a Debian package cannot be had: ipxe ${version} has the SHA-256 ${seen}; the pin says ${sha256}`,
    )
    expect(readdirSync(join(folder, 'sid'))).toEqual([])
  })

  it('is the newest when the suite no longer has the pinned version, which is said', () => {
    const host = new Release(['ipxe'], '99')
    expect(ensure(host, [], ['ipxe2'])).toBeUndefined()
    expect(said[0]).toBe(
      `Debian sid no longer has ipxe ${version}, which is pinned: taking what it has`,
    )
    expect(downloads(host)).toEqual([expect.stringMatching(/ ipxe$/)])
  })

  it('is not asked for again once it is there, so that no network is needed', () => {
    ensure(new Release(['atftpd']), [], ['atftpd'])
    const host = Object.assign(new Release([]), { reachable: false })
    expect(ensure(host, [], ['atftpd'])).toBeUndefined()
    expect(host.commands.filter((command) => command.startsWith('apt'))).toEqual([])
  })

  it('is unpacked again when a run was killed in the middle of it', () => {
    mkdirSync(join(folder, 'newest/atftpd/usr'), { recursive: true })
    const host = new Release(['atftpd'])
    expect(ensure(host, [], ['atftpd'])).toBeUndefined()
    expect(downloads(host)).toHaveLength(1)
    expect(readdirSync(join(folder, 'newest'))).toEqual(['atftpd'])
  })
})
