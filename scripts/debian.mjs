// The Debian packages that tests, benchmarks and the demo use. Node built-ins only.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Installed system-wide, with their services kept from starting. */
export const INSTALLED = [
  'iproute2',
  'dnsmasq-base',
  'qemu-system-x86',
  'ipxe',
  'ipxe-qemu',
  'seabios',
  'ovmf',
  'busybox-static',
  'cpio',
  'curl',
  'tftp-hpa',
  'tftpd-hpa',
  'atftp',
  'squid',
  'kea-dhcp4-server',
  'nginx-light',
  'grub-common',
  'grub-efi-amd64-bin',
  'tcpdump',
  'iptables',
  'gcc',
  'libc6-dev',
]

/** Downloaded and unpacked below `.cache/debian/NAME`: not installed, so nothing of the system changes. */
export const UNPACKED = {
  kernel: 'linux-image-cloud-amd64',
  atftpd: 'atftpd', // conflicts with tftpd-hpa
  installer: 'debian-installer-12-netboot-amd64',
  shim: 'shim-signed',
  signedGrub: 'grub-efi-amd64-signed',
  etcd: 'etcd-server',
}

const cache = join(dirname(fileURLToPath(import.meta.url)), '..', '.cache', 'debian')

/** Where an unpacked package lies, whether or not it is there yet. */
export const unpackedAt = (name) => join(cache, name)

export const isRoot = () => process.getuid?.() === 0
export const isDebianLike = () => existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg')

const quiet = { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' }
const run = (command, args, options = {}) => {
  try {
    return execFileSync(command, args, { ...quiet, ...options })
  } catch (error) {
    throw new Error(`${command} ${args.join(' ')} failed:\n${error.stderr || error.message}`, {
      cause: error,
    })
  }
}

const isInstalled = (name) => {
  try {
    const status = execFileSync('dpkg-query', ['-W', '-f=${Status}', name], quiet)
    return status.endsWith(' installed')
  } catch {
    return false // dpkg-query exits 1 for a name it has never seen
  }
}

/** The real package behind a metapackage such as linux-image-cloud-amd64. */
const resolve = (name) => {
  const depends = run('apt-cache', ['depends', '--important', name])
  return /Depends: (linux-image-\S+)/.exec(depends)?.[1] ?? name
}

let updated = false
const update = () => {
  if (!updated) run('apt-get', ['update', '-q'])
  updated = true
}

/** Keeps packages' start-up scripts from starting services: the policy-rc.d interface of invoke-rc.d. */
const withoutServices = (action) => {
  const policy = '/usr/sbin/policy-rc.d'
  const ours = !existsSync(policy)
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    action()
  } finally {
    if (ours) rmSync(policy, { force: true })
  }
}

const install = (names, say) => {
  say(`installing Debian packages (services stay off): ${names.join(' ')}`)
  update()
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  withoutServices(() =>
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...names], { env }),
  )
  if (!existsSync('/run/systemd/system')) return
  for (const unit of ['tftpd-hpa', 'squid', 'kea-dhcp4-server', 'nginx']) {
    if (names.some((name) => name.startsWith(unit))) run('systemctl', ['disable', '--quiet', unit])
  }
}

const unpack = (name, packageName, say) => {
  const to = unpackedAt(name)
  update()
  const real = resolve(packageName)
  say(`unpacking the Debian package ${real} (not installed)`)
  rmSync(to, { recursive: true, force: true })
  const scratch = `${to}.part`
  rmSync(scratch, { recursive: true, force: true })
  mkdirSync(scratch, { recursive: true })
  // apt drops its rights to the user _apt, who may not write here: take it back for this one download.
  run('apt-get', ['download', '-q', '-o', 'APT::Sandbox::User=root', real], { cwd: scratch })
  const deb = readdirSync(scratch).find((file) => file.endsWith('.deb'))
  run('dpkg-deb', ['-x', deb, `${scratch}/root`], { cwd: scratch })
  run('mv', [`${scratch}/root`, to])
  rmSync(scratch, { recursive: true, force: true })
}

/**
 * Makes the named packages present; does nothing where all are.
 * @returns why it could not, or undefined
 */
export const ensureDebianPackages = (say, installed = INSTALLED, unpacked = UNPACKED) => {
  const missing = installed.filter((name) => !isInstalled(name))
  const unpackedMissing = Object.entries(unpacked).filter(([name]) => !existsSync(unpackedAt(name)))
  if (missing.length === 0 && unpackedMissing.length === 0 && isRoot()) return undefined
  if (process.platform !== 'linux' || !isDebianLike()) return 'this is not a Debian-like Linux'
  if (!isRoot()) return 'this user may not install Debian packages or make network namespaces'
  mkdirSync(cache, { recursive: true })
  if (missing.length > 0) install(missing, say)
  for (const [name, packageName] of unpackedMissing) unpack(name, packageName, say)
  return undefined
}
