import type { Repository } from './model.ts'

const PROTOCOL = 'https://go.dev/ref/mod#goproxy-protocol'

/** `.zip` and `.mod` are checked against go.sum; `.info` is written by each proxy in its own way. */
export const go: Repository = {
  name: 'go',
  signing: 'indexed',
  mirrors: ['proxy.golang.org/', 'goproxy.io/', 'goproxy.cn/', 'mirrors.aliyun.com/goproxy'],
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
}
