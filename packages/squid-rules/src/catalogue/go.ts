import type { Repository } from './model.ts'

const PROTOCOL = 'https://go.dev/ref/mod#goproxy-protocol'
const DIFFER = 'https://github.com/goproxyio/goproxy/issues/216 (also 164, 232)'

/**
 * A proxy packs a zip itself and keeps what it fetched first: where a tag was moved, two proxies serve two modules
 * under one version for good. So each operator is a vendor of its own. `.info` is written by each in its own way.
 */
const goProxy = (name: string, operator: string, mirrors: readonly string[]): Repository => ({
  name,
  signing: 'indexed',
  bytes: {
    madeBy: `${operator}, which fetches a tag once and packs the zip`,
    changedBy: `${operator} alone; another operator may have seen another tag`,
    verifiedBy:
      'go: the h1 hash of the unpacked files in go.sum, unless GONOSUMDB names the module',
    source: DIFFER,
  },
  mirrors,
  rules: [
    { id: 'latest', class: 'mutable', path: '<module:path>/@latest', source: PROTOCOL },
    { id: 'list', class: 'mutable', path: '<module:path>/@v/list', source: PROTOCOL },
    { id: 'info', class: 'mutable', path: '<module:path>/@v/<version>.info', source: PROTOCOL },
    {
      id: 'file',
      class: 'versioned',
      path: '<module:path>/@v/v<version>.<type:zip|mod>',
      source: PROTOCOL,
    },
  ],
})

export const go: Repository = goProxy('go', 'the Go project', ['proxy.golang.org/'])
export const goproxyCn: Repository = goProxy('goproxy-cn', 'goproxy.cn (Qiniu)', ['goproxy.cn/'])
export const goproxyIo: Repository = goProxy('goproxy-io', 'goproxy.io', [
  'goproxy.io/',
  '*.goproxy.io/',
])
export const goproxyAliyun: Repository = goProxy('goproxy-aliyun', 'Alibaba Cloud', [
  'mirrors.aliyun.com/goproxy',
])
