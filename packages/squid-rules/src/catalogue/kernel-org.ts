import type { Repository } from './model.ts'

const SIGNED =
  'https://www.kernel.org/category/signatures.html (tarballs are signed and never replaced)'

export const kernelOrg: Repository = {
  name: 'kernel-org',
  signing: 'signed',
  optional: true,
  bytes: {
    madeBy: 'the kernel maintainers, by the upload tool of kernel.org',
    changedBy: 'nobody after the release',
    verifiedBy: 'people and tools: a detached signature of the tar file, sha256sums.asc',
    source: SIGNED,
  },
  mirrors: [
    '*.kernel.org/pub/linux/kernel',
    'mirrors.tuna.tsinghua.edu.cn/kernel',
    'mirrors.aliyun.com/linux-kernel',
  ],
  knownAs: ['kernel'],
  rules: [
    {
      id: 'tarball',
      class: 'versioned',
      path: 'v<series>/linux-<file>.tar.<type:xz|gz|sign>',
      source: SIGNED,
    },
    { id: 'patch', class: 'versioned', path: 'v<series>/patch-<file>.xz', source: SIGNED },
  ],
}
