import { APT_ROOTS, APT_RULES, indexedDebs, MOVING_WORDS } from './apt.ts'
import type { Repository } from './model.ts'

/** Only what Mint adds; the rest of its packages are Ubuntu's and Debian's. */
export const mint: Repository = {
  name: 'linuxmint',
  signing: 'indexed',
  bytes: indexedDebs('Linux Mint', 'https://linuxmint.com/verify.php'),
  mirrors: ['packages.linuxmint.com/'],
  knownAs: ['linuxmint', 'linuxmint-packages', 'mint'],
  roots: APT_ROOTS,
  mutableWords: MOVING_WORDS,
  rules: APT_RULES,
}
