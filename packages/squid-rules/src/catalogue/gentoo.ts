import type { Repository } from './model.ts'

const POLICY =
  'https://devmanual.gentoo.org/general-concepts/mirrors/ (a changed upstream file takes another name)'

/** Source archives by the hash of their name. */
export const gentoo: Repository = {
  name: 'gentoo-distfiles',
  signing: 'indexed',
  optional: true,
  bytes: {
    madeBy: 'upstream projects; Gentoo copies a file once',
    changedBy: 'Gentoo, by its rule under another name only',
    verifiedBy: 'portage: BLAKE2B and SHA512 of the signed Manifest',
    source: POLICY,
  },
  mirrors: ['distfiles.gentoo.org/', 'ftp-osl.osuosl.org/pub/gentoo'],
  knownAs: ['gentoo'],
  rules: [
    {
      id: 'distfile',
      class: 'versioned',
      path: 'distfiles/<bucket:hex2>/<file>',
      source: POLICY,
    },
  ],
}
