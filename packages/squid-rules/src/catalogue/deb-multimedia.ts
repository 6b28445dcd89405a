import { APT_ROOTS, APT_RULES, indexedDebs, MOVING_WORDS } from './apt.ts'
import type { Repository } from './model.ts'

/** A pool beside Debian's, by another vendor. */
export const debMultimedia: Repository = {
  name: 'deb-multimedia',
  signing: 'indexed',
  bytes: indexedDebs('deb-multimedia', 'https://www.deb-multimedia.org/'),
  optional: true,
  mirrors: ['www.deb-multimedia.org/', 'archive.deb-multimedia.org/'],
  knownAs: ['deb-multimedia', 'debian-multimedia'],
  roots: APT_ROOTS,
  mutableWords: MOVING_WORDS,
  rules: APT_RULES,
}
