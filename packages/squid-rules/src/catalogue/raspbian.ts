import { APT_RULES, MOVING_WORDS } from './debian.ts'
import type { Repository } from './model.ts'

/** Debian built again for ARMv6: every `_armhf.deb` has the name of Debian's and other instructions inside. */
export const raspbian: Repository = {
  name: 'raspbian',
  signing: 'indexed',
  mirrors: [
    '*.raspbian.org/raspbian',
    'raspbian.raspberrypi.org/raspbian',
    'raspbian.raspberrypi.com/raspbian',
  ],
  mutableWords: MOVING_WORDS,
  rules: APT_RULES,
}

/** What Raspberry Pi adds, at a path that looks like Debian's. */
export const raspberryPi: Repository = {
  name: 'raspberrypi',
  signing: 'indexed',
  mirrors: ['archive.raspberrypi.org/debian', 'archive.raspberrypi.com/debian'],
  mutableWords: MOVING_WORDS,
  rules: APT_RULES,
}
