import { enterpriseRules } from './enterprise.ts'
import type { Repository } from './model.ts'
import { MOVING_PACKAGES } from './yum.ts'

export const almalinux: Repository = {
  name: 'almalinux',
  signing: 'signed',
  mirrors: ['*.almalinux.org/almalinux', 'vault.almalinux.org/'],
  mutableWords: MOVING_PACKAGES,
  rules: enterpriseRules('https://repo.almalinux.org/almalinux/ (directory listing)'),
}
