import { APT_ROOTS, APT_RULES, indexedDebs, MOVING_WORDS } from './apt.ts'
import type { Repository } from './model.ts'

/** Debian's format; kali-rolling builds a version once. */
export const kali: Repository = {
  name: 'kali',
  signing: 'indexed',
  bytes: indexedDebs(
    'Kali',
    'https://www.kali.org/docs/general-use/kali-linux-sources-list-repositories/',
  ),
  mirrors: ['*.kali.org/kali'],
  knownAs: ['kali'],
  roots: APT_ROOTS,
  mutableWords: MOVING_WORDS,
  rules: APT_RULES,
}
