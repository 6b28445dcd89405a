import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { writeFiles } from '../../support.ts'

/** A medium as its makers lay it out: label, and files with their first bytes. */
interface Layout {
  readonly label: string
  readonly files: Readonly<Record<string, string>>
}

const [PXEBOOT, TREEINFO] = [
  { 'images/pxeboot/vmlinuz': 'kernel', 'images/pxeboot/initrd.img': 'initrd' },
  (name: string) => `[general]\nfamily = X\nname = ${name}\nversion = 1\n`,
]

/** Layouts and labels: shared/reference/distributions.md section 6 says where each was seen. */
export const LAYOUTS: Readonly<Record<string, Layout>> = {
  'debian-mini': {
    label: 'ISOIMAGE',
    files: {
      linux: 'kernel',
      'initrd.gz': 'initrd',
      '.disk/mini-info': 'Debian GNU/Linux 13 "trixie" - mini amd64',
    },
  },
  'debian-netinst': {
    label: 'Debian 13.1.0 amd64 n',
    files: {
      '.disk/info': 'Debian GNU/Linux 13.1.0 "Trixie" - Official amd64 NETINST 20250906',
      'install.amd/vmlinuz': 'kernel',
      'install.amd/initrd.gz': 'initrd',
    },
  },
  'debian-live': {
    label: 'd-live 13.1.0 gn amd64',
    files: {
      '.disk/info': 'Debian GNU/Linux 13.1.0 "Trixie" - Official amd64 LIVE',
      'live/filesystem.squashfs': 'squashfs',
      'live/vmlinuz-6.12.43+deb13-amd64': 'kernel',
      'live/initrd.img-6.12.43+deb13-amd64': 'initrd',
    },
  },
  'ubuntu-24.04': {
    label: 'Ubuntu-Server 24.04.3 LTS amd64',
    files: {
      '.disk/info': 'Ubuntu-Server 24.04.3 LTS "Noble Numbat" - Release amd64 (20250805.1)',
      'casper/vmlinuz': 'kernel',
      'casper/initrd': 'initrd',
      'casper/install-sources.yaml': '[]',
    },
  },
  'ubuntu-22.04': {
    label: 'Ubuntu-Server 22.04.5 LTS amd64',
    files: {
      '.disk/info': 'Ubuntu-Server 22.04.5 LTS "Jammy Jellyfish" - Release amd64 (20240911)',
      'casper/vmlinuz': 'kernel',
      'casper/initrd': 'initrd',
    },
  },
  'fedora-dvd': {
    label: 'Fedora-S-dvd-x86_64-42',
    files: {
      ...PXEBOOT,
      '.treeinfo': TREEINFO('Fedora 42'),
      'images/install.img': 'squashfs',
      'repodata/repomd.xml': '<repomd/>',
    },
  },
  'fedora-netinst': {
    label: 'Fedora-E-dvd-x86_64-42',
    files: {
      ...PXEBOOT,
      '.discinfo': '1744000000.0\nFedora 42\nx86_64\n',
      'images/install.img': 's',
    },
  },
  'fedora-live': {
    label: 'Fedora-WS-Live-42',
    files: {
      'boot/x86_64/loader/linux': 'kernel',
      'boot/x86_64/loader/initrd': 'initrd',
      'LiveOS/squashfs.img': 'squashfs',
    },
  },
  rocky: {
    label: 'Rocky-9-6-x86_64-dvd',
    files: {
      ...PXEBOOT,
      '.treeinfo': TREEINFO('Rocky Linux 9.6'),
      'images/install.img': 'squashfs',
      'BaseOS/repodata/repomd.xml': '<repomd/>',
      'AppStream/repodata/repomd.xml': '<repomd/>',
    },
  },
  alpine: {
    label: 'alpine-virt 3.22.1 x86_64',
    files: {
      '.alpine-release': 'alpine-virt 3.22.1 x86_64\n',
      'boot/vmlinuz-virt': 'kernel',
      'boot/initramfs-virt': 'initrd',
      'boot/modloop-virt': 'modules',
      'apks/x86_64/APKINDEX.tar.gz': 'index',
    },
  },
  arch: {
    label: 'ARCH_202509',
    files: {
      'arch/version': '2025.09.01\n',
      'arch/boot/x86_64/vmlinuz-linux': 'kernel',
      'arch/boot/x86_64/initramfs-linux.img': 'initrd',
      'arch/x86_64/airootfs.sfs': 'squashfs',
    },
  },
  nixos: {
    label: 'nixos-minimal-25.05-x86_64',
    files: { 'nix-store.squashfs': 's', 'boot/bzImage': 'kernel', 'boot/initrd': 'initrd' },
  },
  unknown: { label: 'RESCUE 1', files: { 'boot/kernel': 'x' } },
}

/** Writes an image in a layout. */
export const writeLayout = (name: string, image: string): void => {
  const { label, files } = LAYOUTS[name]!
  const tree = mkdtempSync(join(tmpdir(), 'layout-'))
  writeFiles(tree, files)
  const args = [
    '-as',
    'mkisofs',
    '-quiet',
    '-R',
    '-J',
    '-joliet-long',
    '-V',
    label,
    '-o',
    image,
    tree,
  ]
  execFileSync('xorriso', args, { stdio: 'ignore' })
  rmSync(tree, { recursive: true })
}
