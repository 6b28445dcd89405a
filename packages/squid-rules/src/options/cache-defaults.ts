import type { CacheOptions, Options } from './options.ts'

/** {@link CacheOptions} with every default filled in. */
export type Settings = Required<CacheOptions>

/** Networks that are private by RFC 1918 and RFC 4193. */
const PRIVATE_NETWORKS: readonly string[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
]

const STOCK_HELPER = '/usr/lib/squid/storeid_file_rewrite'

export const settingsOf = ({ cache = {} }: Options): Settings => {
  const helper = cache.helper ?? 'bootwire'
  const workers = cache.workers ?? 1
  return {
    version: '5',
    form: 'whole',
    proxy: 'forward',
    program: helper === 'stock' ? STOCK_HELPER : '/usr/local/bin/bootwire-squid',
    directory: '/etc/squid/bootwire',
    port: 3128,
    sitePort: 80,
    sites: [],
    clients: PRIVATE_NETWORKS,
    alsoAllow: [],
    // aufs cannot be shared between workers, rock can.
    storage: workers > 1 ? 'rock' : 'aufs',
    cacheDirectory: '/var/spool/squid',
    logDirectory: '/var/log/squid',
    pidFile: '/run/squid.pid',
    diskMegabytes: 50_000,
    memoryMegabytes: 512,
    largestMegabytes: 8192,
    helpers: 2,
    freshDays: 90,
    siblings: [],
    extra: [],
    accept: [],
    ...cache,
    helper,
    workers,
  }
}
