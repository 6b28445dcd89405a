import type { Repository } from './model.ts'

const LAYOUT = 'https://docs.aws.amazon.com/linux/al2023/ug/managing-repos-os-updates.html'

/** Amazon Linux: a package lies below a hash, so its name is only the end of the path. */
export const amazon: Repository = {
  name: 'amazon-linux',
  signing: 'signed',
  bytes: {
    madeBy: "Amazon's build system",
    changedBy: 'nobody: the folder is the hash of the file',
    verifiedBy: 'dnf: the hash of the index, and the signature of the file',
    source: 'https://cdn.amazonlinux.com/al2023/core/mirrors/latest/x86_64/mirror.list',
  },
  mirrors: ['cdn.amazonlinux.com/', 'amazonlinux.default.amazonaws.com/'],
  rules: [
    {
      id: 'blob',
      class: 'hash',
      path: '<dir:path>/blobstore/<hash:hex64>/<file><type:.rpm|.drpm>',
      key: 'sha256/<hash>/<file><type>',
      source: LAYOUT,
    },
    {
      id: 'blob-root',
      class: 'hash',
      path: 'blobstore/<hash:hex64>/<file><type:.rpm|.drpm>',
      key: 'sha256/<hash>/<file><type>',
      sameAs: 'blob',
      source: LAYOUT,
    },
    {
      id: 'repomd',
      class: 'mutable',
      path: '<dir:path>/repodata/repomd.<rest>',
      source: LAYOUT,
    },
    { id: 'mirror-list', class: 'mutable', path: '<dir:path>/mirror.list', source: LAYOUT },
  ],
}
