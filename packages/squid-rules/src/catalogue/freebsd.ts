import type { Repository } from './model.ts'

const HASHED = 'https://man.freebsd.org/cgi/man.cgi?pkg-repo(8) (--hash)'

/** Only packages whose name holds their hash; those without one are built again in place. */
export const freebsd: Repository = {
  name: 'freebsd',
  signing: 'signed',
  optional: true,
  bytes: {
    madeBy: "FreeBSD's package builders",
    changedBy: 'nobody: the name holds the beginning of the hash of the file',
    verifiedBy: 'pkg: the hash of the signed catalogue',
    source: HASHED,
  },
  mirrors: ['*.freebsd.org/'],
  knownAs: ['freebsd'],
  rules: [
    {
      id: 'package',
      class: 'hash',
      path: '<abi>/<branch>/All/Hashed/<file>~<hash:hex10>.<type:pkg|txz|tzst>',
      source: HASHED,
    },
    {
      id: 'catalogue',
      class: 'mutable',
      path: '<abi>/<branch>/<file:meta.conf|meta.txz|packagesite.pkg|packagesite.txz|data.pkg|data.txz>',
      source: HASHED,
    },
  ],
}
