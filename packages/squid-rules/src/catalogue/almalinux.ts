import { enterpriseRules } from './enterprise.ts'
import type { Repository } from './model.ts'
import { MOVING_PACKAGES, signedRpms, YUM_ROOTS } from './yum.ts'

export const almalinux: Repository = {
  name: 'almalinux',
  signing: 'signed',
  bytes: signedRpms('AlmaLinux', 'https://almalinux.org/security/ (package signing)'),
  mirrors: ['*.almalinux.org/almalinux', '*.almalinux.org/vault', 'vault.almalinux.org/'],
  canonical: { mirror: 'http://repo.almalinux.org/almalinux', spelling: 'dnf' },
  services: ['mirrors.almalinux.org'],
  knownAs: ['alma', 'almalinux'],
  roots: YUM_ROOTS,
  mutableWords: MOVING_PACKAGES,
  rules: enterpriseRules('https://repo.almalinux.org/almalinux/ (directory listing)'),
}
