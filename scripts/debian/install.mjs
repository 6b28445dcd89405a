// Packages that are installed on the host.
import { existsSync, rmSync, writeFileSync } from 'node:fs'

import { hostApt } from './apt.mjs'

const POLICY = '/usr/sbin/policy-rc.d'

/** The installed ones of these packages. */
const installedOf = (host, names) => {
  try {
    const printed = host.run('dpkg-query', ['-W', '-f=${Package} ${Status}\\n', ...names])
    return new Set(statusLines(printed))
  } catch (error) {
    // It exits 1 for a name that it has never seen, and prints the others all the same.
    return new Set(statusLines(error.cause?.stdout ?? ''))
  }
}

const statusLines = (printed) =>
  printed
    .split('\n')
    .filter((line) => line.endsWith(' installed'))
    .map((line) => line.split(' ')[0])

/** Those of the packages that are not installed. */
export const missingOf = (host, names) => {
  const installed = installedOf(host, names)
  return names.filter((name) => !installed.has(name))
}

/** Those that this release has; a name that only others provide or mention has no candidate. */
export const availableOf = (host, names) => {
  const policy = hostApt(host).cache(['policy', ...names])
  const found = [...policy.matchAll(/^(\S+):\n(?: .*\n)*? {2}Candidate: (\S+)/gm)]
  return new Set(found.filter(([, , version]) => version !== '(none)').map(([, name]) => name))
}

/** Keeps packages' start-up scripts from starting services: the policy-rc.d interface of invoke-rc.d. */
const withoutServices = (action) => {
  const ours = !existsSync(POLICY)
  if (ours) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    action()
  } finally {
    if (ours) rmSync(POLICY, { force: true })
  }
}

const SERVICES = ['tftpd-hpa', 'squid', 'kea-dhcp4-server', 'nginx']

/** Installs packages; their services stay off, also after the next start of the host. */
export const install = (host, names) => {
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const options = ['-y', '-q', '--no-install-recommends']
  withoutServices(() => hostApt(host).get(['install', ...options, ...names], { env }))
  if (!existsSync('/run/systemd/system')) return
  for (const unit of SERVICES) {
    if (names.some((name) => name.startsWith(unit)))
      host.run('systemctl', ['disable', '--quiet', unit])
  }
}
