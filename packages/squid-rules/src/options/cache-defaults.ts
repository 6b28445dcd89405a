import type { CacheOptions, Options } from './options.ts'

/** {@link CacheOptions} with every default filled in. */
export type Settings = Required<Omit<CacheOptions, 'tls' | 'tlsCaFile'>> &
  Pick<CacheOptions, 'tls' | 'tlsCaFile'>

/** The cache host itself, and `localnet` as Debian's squid.conf has it. */
const CLIENT_NETWORKS: readonly string[] = [
  '127.0.0.0/8',
  '::1',
  '0.0.0.1-0.255.255.255',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
  'fe80::/10',
]

/** The name that client files use for the machine that Squid runs on, until one is given. */
const UNNAMED_HOST = 'cache.example'

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
    clients: CLIENT_NETWORKS,
    host: UNNAMED_HOST,
    access: 'open',
    never: [],
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
