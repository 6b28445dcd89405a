import { APT_INDEX, APT_ROOTS, indexedDebs, MOVING_WORDS } from './apt.ts'
import type { Repository } from './model.ts'

/** Debian's format without a pool: packages lie beside the index that names them. */
export const proxmox: Repository = {
  name: 'proxmox',
  signing: 'indexed',
  bytes: indexedDebs('Proxmox', 'https://pve.proxmox.com/wiki/Package_Repositories'),
  mirrors: ['*.proxmox.com/debian'],
  knownAs: ['proxmox'],
  roots: APT_ROOTS,
  mutableWords: MOVING_WORDS,
  rules: [
    ...APT_INDEX,
    {
      id: 'package',
      class: 'versioned',
      path: '<product>/dists/<suite>/<area>/binary-<arch>/<file>.deb',
      source: 'http://download.proxmox.com/debian/pve/ (directory listing)',
    },
    {
      id: 'package-old',
      class: 'versioned',
      path: 'dists/<suite>/<area>/binary-<arch>/<file>.deb',
      source: 'http://download.proxmox.com/debian/ (directory listing)',
    },
  ],
}
