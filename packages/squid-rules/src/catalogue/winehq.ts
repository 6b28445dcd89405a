import { APT_INDEX, indexedDebs, MOVING_WORDS } from './apt.ts'
import type { Repository } from './model.ts'

const LAYOUT = 'https://dl.winehq.org/wine-builds/ (directory listing)'

/** Debian's format without a pool. */
export const winehq: Repository = {
  name: 'winehq',
  signing: 'indexed',
  optional: true,
  bytes: indexedDebs('WineHQ', 'https://gitlab.winehq.org/wine/wine/-/wikis/Debian-Ubuntu'),
  mirrors: [
    'dl.winehq.org/wine-builds',
    'mirrors.tuna.tsinghua.edu.cn/wine-builds',
    'mirrors.ustc.edu.cn/wine/wine-builds',
  ],
  knownAs: ['wine-builds'],
  mutableWords: MOVING_WORDS,
  rules: [
    ...APT_INDEX,
    {
      id: 'package',
      class: 'versioned',
      path: '<distribution>/dists/<suite>/main/binary-<arch>/<file>.deb',
      source: LAYOUT,
    },
  ],
}
