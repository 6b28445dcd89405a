import { APT_ROOTS, APT_RULES, indexedDebs, MOVING_WORDS } from './apt.ts'
import type { Repository } from './model.ts'

/** Debian built again for ARMv6: every `_armhf.deb` has the name of Debian's and other instructions inside. */
export const raspbian: Repository = {
  name: 'raspbian',
  signing: 'indexed',
  bytes: indexedDebs('Raspbian', 'https://www.raspbian.org/RaspbianMirrors'),
  mirrors: [
    '*.raspbian.org/raspbian',
    'raspbian.raspberrypi.org/raspbian',
    'raspbian.raspberrypi.com/raspbian',
  ],
  knownAs: ['raspbian'],
  roots: APT_ROOTS,
  mutableWords: MOVING_WORDS,
  rules: APT_RULES,
}

/** What Raspberry Pi adds, at a path that looks like Debian's. */
export const raspberryPi: Repository = {
  name: 'raspberrypi',
  signing: 'indexed',
  bytes: indexedDebs('Raspberry Pi', 'https://www.raspberrypi.com/documentation/computers/os.html'),
  mirrors: ['archive.raspberrypi.org/debian', 'archive.raspberrypi.com/debian'],
  knownAs: ['raspberrypi'],
  roots: APT_ROOTS,
  mutableWords: MOVING_WORDS,
  rules: APT_RULES,
}
