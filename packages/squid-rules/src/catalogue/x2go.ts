import { APT_ROOTS, APT_RULES, indexedDebs, MOVING_WORDS } from './apt.ts'
import type { Repository } from './model.ts'

/** One vendor's archive in Debian's format. */
export const x2go: Repository = {
  name: 'x2go',
  signing: 'indexed',
  bytes: indexedDebs('X2Go', 'https://wiki.x2go.org/doku.php/download:start'),
  optional: true,
  mirrors: ['packages.x2go.org/debian'],
  knownAs: ['x2go'],
  roots: APT_ROOTS,
  mutableWords: MOVING_WORDS,
  rules: APT_RULES,
}
