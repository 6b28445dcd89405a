import { APT_ROOTS, APT_RULES, indexedDebs, MOVING_WORDS } from './apt.ts'
import type { Repository } from './model.ts'

/** A pool beside Debian's. */
export const neurodebian: Repository = {
  name: 'neurodebian',
  signing: 'indexed',
  bytes: indexedDebs('NeuroDebian', 'https://neuro.debian.net/'),
  optional: true,
  mirrors: ['neuro.debian.net/debian'],
  knownAs: ['neurodebian'],
  roots: APT_ROOTS,
  mutableWords: MOVING_WORDS,
  rules: APT_RULES,
}
