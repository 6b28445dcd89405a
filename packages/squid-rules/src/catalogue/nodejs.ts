import type { Repository } from './model.ts'

const RELEASES =
  'https://nodejs.org/dist/ (directory listing; https://github.com/nodejs/node#verifying-binaries)'

export const nodejs: Repository = {
  name: 'nodejs',
  signing: 'indexed',
  optional: true,
  bytes: {
    madeBy: "Node's release builders",
    changedBy: 'nobody after the release: a fix is a new version',
    verifiedBy: 'people and tools: the signed SHASUMS256.txt of the version',
    source: RELEASES,
  },
  mirrors: [
    'nodejs.org/dist',
    'nodejs.org/download/release',
    'npmmirror.com/mirrors/node',
    'cdn.npmmirror.com/binaries/node',
    'mirrors.tuna.tsinghua.edu.cn/nodejs-release',
    'mirrors.aliyun.com/nodejs-release',
    'mirrors.cloud.tencent.com/nodejs-release',
    'mirrors.huaweicloud.com/nodejs',
  ],
  rules: [
    {
      id: 'release',
      class: 'versioned',
      path: 'v<release:version>/<file>.<type:tar.gz|tar.xz|zip|7z|pkg|msi>',
      source: RELEASES,
    },
    { id: 'latest', class: 'mutable', path: 'latest<which>/<file:path>', source: RELEASES },
  ],
}
