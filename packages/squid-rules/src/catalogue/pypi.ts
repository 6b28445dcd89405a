import type { Repository } from './model.ts'

const NEVER_REUSED = 'https://github.com/pypa/packaging-problems/issues/74'
const PEP503 = 'https://peps.python.org/pep-0503/'

/** The path is the BLAKE2b-256 of the distribution; beside it stand its metadata and signature. */
export const pypi: Repository = {
  name: 'pypi',
  signing: 'indexed',
  bytes: {
    madeBy: 'whoever publishes; a file name is used once',
    changedBy: 'nobody: the path is the BLAKE2b-256 of the file, whoever copies it',
    verifiedBy: 'pip: the SHA-256 of the index, and of a lock file',
    source: NEVER_REUSED,
  },
  mirrors: [
    '*.pythonhosted.org/',
    'repo.huaweicloud.com/repository/pypi',
    'mirrors.huaweicloud.com/repository/pypi',
    'mirrors.cloud.tencent.com/pypi',
    'mirror.nju.edu.cn/pypi',
    'mirrors.bfsu.edu.cn/pypi',
    'pypi.tuna.tsinghua.edu.cn/',
    'mirrors.aliyun.com/pypi',
    'mirrors.ustc.edu.cn/pypi',
  ],
  rules: [
    { id: 'simple', class: 'mutable', path: 'simple/<project>', source: PEP503 },
    { id: 'json', class: 'mutable', path: 'pypi/<project:path>/json', source: PEP503 },
    {
      id: 'file',
      class: 'hash',
      path: 'packages/<a:hex2>/<b:hex2>/<hash:hex60>/<file>',
      source: NEVER_REUSED,
    },
  ],
}
