import type { Rule } from './model.ts'

const VOLATILE = 'apt-cacher-ng src/acfg_defaults.cc, VfilePattern'
const CREATEREPO = 'https://rpm-software-management.github.io/createrepo_c/ (unique-md-filenames)'

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
    path: '<dir:path>/<file:.treeinfo|treeinfo|.discinfo|.composeinfo|COMPOSE_ID>',
    source: VOLATILE,
  },
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
  {
    id: 'metalink',
    class: 'mutable',
    path: '<dir:path>/<file:metalink|metalink.xml|mirrorlist|CHECKSUM>',
    source: VOLATILE,
  },
  {
    id: 'repodata',
    class: 'hash',
    path: '<dir:path>/repodata/<hash:hex64>-<file>',
    key: 'sha256/<hash>-<file>',
    source: CREATEREPO,
  },
  {
    id: 'repodata-root',
    class: 'hash',
    path: 'repodata/<hash:hex64>-<file>',
    key: 'sha256/<hash>-<file>',
    sameAs: 'repodata',
    source: CREATEREPO,
  },
  {
    id: 'repodata-sha1',
    class: 'hash',
    path: '<dir:path>/repodata/<hash:hex40>-<file>',
    key: 'sha1/<hash>-<file>',
    source: CREATEREPO,
  },
  {
    id: 'repodata-sha512',
    class: 'hash',
    path: '<dir:path>/repodata/<hash:hex128>-<file>',
    key: 'sha512/<hash>-<file>',
    source: CREATEREPO,
  },
]

/** Names of rpm files that say by themselves that they move, such as `epel-release-latest-9.noarch.rpm`. */
export const MOVING_PACKAGES: readonly string[] = ['-latest-', '-latest.', '-current.', '/latest/']
