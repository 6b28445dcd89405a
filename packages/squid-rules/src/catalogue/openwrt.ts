import type { Repository } from './model.ts'

const LAYOUT = 'https://downloads.openwrt.org/releases/ (directory listing)'

/** Images of releases. Packages of a release are built again under their names, so they have no key. */
export const openwrt: Repository = {
  name: 'openwrt',
  signing: 'indexed',
  optional: true,
  bytes: {
    madeBy: "OpenWrt's builders, once a release",
    changedBy: 'nobody for images of a release; snapshots and package feeds are built again',
    verifiedBy: 'people and tools: the signed sha256sums',
    source: 'https://openwrt.org/docs/guide-quick-start/verify_firmware_checksum',
  },
  mirrors: [
    'downloads.openwrt.org/',
    'archive.openwrt.org/',
    'mirrors.tuna.tsinghua.edu.cn/openwrt',
    'mirrors.ustc.edu.cn/openwrt',
  ],
  knownAs: ['openwrt'],
  rules: [
    { id: 'snapshots', class: 'mutable', path: 'snapshots/<rest:path>', source: LAYOUT },
    {
      id: 'feeds',
      class: 'mutable',
      path: 'releases/<release>/packages/<rest:path>',
      source: LAYOUT,
    },
    {
      id: 'image',
      class: 'versioned',
      path: 'releases/<release:version>/targets/<target>/<subtarget>/openwrt-<file>',
      source: LAYOUT,
    },
  ],
}
