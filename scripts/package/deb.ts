import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { CHECKOUT, writeTree } from './tree.ts'

const DEPLOY = join(CHECKOUT, 'packages/server/deploy')
const MANIFEST = join(CHECKOUT, 'packages/server/package.json')

interface Manifest {
  readonly version: string
  readonly description: string
  readonly engines: { readonly node: string }
}

const manifest: Manifest = JSON.parse(readFileSync(MANIFEST, 'utf8'))

/** Debian sorts `~` before everything: 0.2.0~beta.1 is older than 0.2.0. */
const debianVersion = (version: string): string => version.replace('-', '~')

/** deb-control(5). The socket helper is there for each CPU, so one package serves all. */
const control = (version: string): string => `Package: bootwire
Version: ${debianVersion(version)}
Architecture: all
Maintainer: The Bootwire authors <bootwire@users.noreply.github.com>
Section: net
Priority: optional
Depends: nodejs (>= ${manifest.engines.node.replace('>=', '')}), passwd, init-system-helpers
Recommends: ipxe
Description: network boot beside your DHCP server, explained
 It gives machines that boot over the network iPXE, a script of their own, kernel
 and installer answers, and says why. The DHCP server stays as it is.
`

/** Calls that do nothing where systemd is not the init system: a chroot, a container. */
const POSTINST = `#!/bin/sh
set -e
if [ "$1" = configure ]; then
  getent passwd bootwire >/dev/null || useradd --system --no-create-home --home-dir /var/lib/bootwire --shell /usr/sbin/nologin --user-group bootwire
  deb-systemd-helper enable bootwire.service >/dev/null || true
  if [ -d /run/systemd/system ]; then
    systemctl --system daemon-reload >/dev/null || true
    deb-systemd-invoke restart bootwire.service >/dev/null || true
  fi
  [ -e /etc/bootwire/bootwire.yaml ] || echo "bootwire: it starts once there is a configuration: bootwire init /etc/bootwire/bootwire.yaml && systemctl start bootwire"
fi
`
const PRERM = `#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then deb-systemd-invoke stop bootwire.service >/dev/null || true; fi
`
/** Purging forgets which machines are installed, as the policy wants: state goes with it. */
const POSTRM = `#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then systemctl --system daemon-reload >/dev/null || true; fi
if [ "$1" = purge ]; then
  if [ -x /usr/bin/deb-systemd-helper ]; then deb-systemd-helper purge bootwire.service >/dev/null || true; fi
  rm -rf /var/lib/bootwire
  if getent passwd bootwire >/dev/null; then userdel bootwire >/dev/null 2>&1 || true; fi
fi
`

const copyright =
  (): string => `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: bootwire

Files: *
Copyright: 2026 The Bootwire authors
License: MIT
Comment: The libraries below /usr/lib/bootwire/node_modules have licences of their own, which lie beside each.

License: MIT
${readFileSync(join(CHECKOUT, 'LICENSE'), 'utf8').trimEnd().replaceAll(/^$/gm, '.').replaceAll(/^/gm, ' ')}
`

/** Files of the package: where they go and what they hold. */
const place = (root: string, path: string, text: string, mode = 0o644): void => {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  chmodSync(file, mode)
}

const placeCopy = (root: string, path: string, from: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  copyFileSync(from, join(root, path))
}

/**
 * Writes `bootwire_VERSION_all.deb` into a folder.
 *
 * @param version default: that of `@bootwire/server`
 * @returns the file's path
 */
export const writeDeb = (folder: string, version: string = manifest.version): string => {
  const scratch = mkdtempSync(join(tmpdir(), 'bootwire-deb-'))
  try {
    const root = join(scratch, 'root')
    writeTree(join(root, 'usr/lib/bootwire'))
    mkdirSync(join(root, 'usr/bin'))
    mkdirSync(join(root, 'etc/bootwire'), { recursive: true })
    symlinkSync('../lib/bootwire/bin/bootwire.js', join(root, 'usr/bin/bootwire'))
    placeCopy(root, 'usr/lib/systemd/system/bootwire.service', join(DEPLOY, 'bootwire.service'))
    placeCopy(root, 'usr/lib/sysctl.d/90-bootwire.conf', join(DEPLOY, '90-bootwire.conf'))
    place(root, 'usr/share/doc/bootwire/copyright', copyright())
    place(root, 'DEBIAN/control', control(version))
    for (const [name, script] of [
      ['postinst', POSTINST],
      ['prerm', PRERM],
      ['postrm', POSTRM],
    ] as const)
      place(root, `DEBIAN/${name}`, script, 0o755)
    execFileSync('chmod', ['-R', 'u=rwX,go=rX', root])
    mkdirSync(folder, { recursive: true })
    const file = join(folder, `bootwire_${debianVersion(version)}_all.deb`)
    execFileSync('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', root, file], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    return file
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
