import { enterpriseRules } from './enterprise.ts'
import type { Repository } from './model.ts'
import { MOVING_PACKAGES, signedRpms, YUM_INDEX, YUM_ROOTS } from './yum.ts'

const LAYOUT = 'https://dl.rockylinux.org/pub/rocky/ (directory listing)'
const BYTES = signedRpms('Rocky', 'https://rockylinux.org/keys')

export const rocky: Repository = {
  name: 'rocky',
  signing: 'signed',
  bytes: BYTES,
  mirrors: [
    '*.rockylinux.org/pub/rocky',
    '*.rockylinux.org/vault/rocky',
    '*.mirrors.ctrliq.cloud/pub/rocky',
  ],
  canonical: { mirror: 'http://dl.rockylinux.org/pub/rocky', spelling: 'dnf' },
  services: ['mirrors.rockylinux.org'],
  knownAs: ['rocky', 'rockylinux', 'rocky-linux'],
  roots: YUM_ROOTS,
  mutableWords: MOVING_PACKAGES,
  rules: enterpriseRules(LAYOUT),
}

/** What Rocky's special interest groups build, with their own keys. */
export const rockySig: Repository = {
  name: 'rocky-sig',
  signing: 'signed',
  bytes: BYTES,
  mirrors: ['*.rockylinux.org/pub/sig'],
  mutableWords: MOVING_PACKAGES,
  rules: [
    ...YUM_INDEX,
    {
      id: 'package',
      class: 'versioned',
      path: '<release:version>/<sig>/<arch>/<dir:path>/<file><type:.rpm|.drpm>',
      source: LAYOUT,
    },
  ],
}
