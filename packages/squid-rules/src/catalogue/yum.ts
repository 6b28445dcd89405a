import type { Provenance, Rule } from './model.ts'

const VOLATILE = 'apt-cacher-ng src/acfg_defaults.cc, VfilePattern'
const CREATEREPO = 'https://rpm-software-management.github.io/createrepo_c/ (unique-md-filenames)'

const hashed = (digits: number, algorithm: string): Rule[] => [
  {
    id: `repodata-${algorithm}`,
    class: 'hash',
    path: `<dir:path>/repodata/<hash:hex${digits}>-<file>`,
    key: `${algorithm}/<hash>-<file>`,
    source: CREATEREPO,
  },
  {
    id: `repodata-${algorithm}-root`,
    class: 'hash',
    path: `repodata/<hash:hex${digits}>-<file>`,
    key: `${algorithm}/<hash>-<file>`,
    sameAs: `repodata-${algorithm}`,
    source: CREATEREPO,
  },
]

/** What changes under its name in every repository that dnf reads, and what carries a hash in its name. */
export const YUM_INDEX: readonly Rule[] = [
  { id: 'repomd', class: 'mutable', path: '<dir:path>/repodata/repomd.<rest>', source: VOLATILE },
  { id: 'repomd-root', class: 'mutable', path: 'repodata/repomd.<rest>', source: VOLATILE },
  {
    id: 'index-plain',
    class: 'mutable',
    path: '<dir:path>/repodata/<kind:primary|filelists|other|comps|updateinfo|modules>.<rest>',
    source: VOLATILE,
  },
  {
    id: 'treeinfo',
    class: 'mutable',
    path: '<dir:path>/<file:.treeinfo|treeinfo|.discinfo|.composeinfo|COMPOSE_ID|media.repo>',
    source: VOLATILE,
  },
  {
    id: 'metalink',
    class: 'mutable',
    path: '<dir:path>/<file:metalink|metalink.xml|mirrorlist|CHECKSUM>',
    source: VOLATILE,
  },
  ...hashed(64, 'sha256'),
  ...hashed(40, 'sha1'),
  ...hashed(128, 'sha512'),
]

/** Kernels and images of an install tree that the next compose or point release writes again. */
export const YUM_MOVING_TREE: readonly Rule[] = [
  {
    id: 'kernel',
    class: 'mutable',
    path: '<dir:path>/<file:vmlinuz|vmlinuz-xen|linux|initrd>',
    source: VOLATILE,
  },
  {
    id: 'image',
    class: 'mutable',
    path: '<dir:path>/<file>.<type:img|iso|efi|EFI>',
    source: VOLATILE,
  },
]

/** Names of rpm files that say by themselves that they move, such as `epel-release-latest-9.noarch.rpm`. */
export const MOVING_PACKAGES: readonly string[] = ['-latest-', '-latest.', '-current.', '/latest/']

/** One build system signs each file once and mirrors copy it. */
export const signedRpms = (vendor: string, source: string): Provenance => ({
  madeBy: `${vendor}'s build system`,
  changedBy: `${vendor} alone: a new build takes a new release number, and the signature is inside the file`,
  verifiedBy:
    'dnf and zypper: the size and hash of the index, and the signature of the file (gpgcheck=1)',
  source,
})

/** What a list of mirrors names for a repository that dnf reads. */
export const YUM_ROOTS: readonly string[] = [
  '<release:version>/<repo>/<arch>/os',
  '<release:version>/<repo>/<arch>',
  '<release:version>/<repo>/<arch>/debug/tree',
  '<release:version>/<repo>/source/tree',
]
