import type { Repository } from './model.ts'

const POLICY =
  'https://www.apache.org/legal/release-policy.html#publication (a release is never changed)'

export const apache: Repository = {
  name: 'apache',
  signing: 'signed',
  optional: true,
  bytes: {
    madeBy: 'projects of the Apache Software Foundation, by vote',
    changedBy: 'nobody: the policy forbids to change a release',
    verifiedBy: 'people and tools: a detached signature and a SHA-512',
    source: POLICY,
  },
  mirrors: [
    'dlcdn.apache.org/',
    'downloads.apache.org/',
    'archive.apache.org/dist',
    'mirrors.tuna.tsinghua.edu.cn/apache',
    'mirrors.aliyun.com/apache',
    'mirrors.ustc.edu.cn/apache',
    'mirrors.huaweicloud.com/apache',
    'mirrors.cloud.tencent.com/apache',
    'mirrors.bfsu.edu.cn/apache',
  ],
  knownAs: ['apache'],
  rules: [
    {
      id: 'release',
      class: 'versioned',
      path: '<project>/<dir:path>/<file>.<type:tar.gz|tgz|zip|tar.bz2|tar.xz>',
      source: POLICY,
    },
  ],
}
