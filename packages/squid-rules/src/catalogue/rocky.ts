import { enterpriseRules } from './enterprise.ts'
import type { Repository } from './model.ts'
import { MOVING_PACKAGES } from './yum.ts'

export const rocky: Repository = {
  name: 'rocky',
  signing: 'signed',
  mirrors: ['*.rockylinux.org/pub/rocky', '*.rockylinux.org/vault/rocky'],
  mutableWords: MOVING_PACKAGES,
  rules: enterpriseRules('https://dl.rockylinux.org/pub/rocky/ (directory listing)'),
}
