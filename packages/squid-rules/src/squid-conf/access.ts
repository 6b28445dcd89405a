import { KEY_DOMAIN } from '../catalogue/model.ts'
import type { Settings } from '../options/cache-defaults.ts'

/** Loopback, "this host" and link-local (a cloud's metadata service is 169.254.169.254), in either family. */
const NEAR = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '::/128', '::1/128', 'fe80::/10']

/** The page that tells what to add, below Squid's folder of error pages. */
export const DENIED_PAGE = 'ERR_BOOTWIRE_NOT_LISTED'

/** Who may use it, and the lists of hosts. `-n`: an address in a URL is not looked up backwards. */
export const aclLines = ({ clients, directory, access, form, never }: Settings): string[] => [
  `acl bootwire_clients src ${clients.join(' ')}`,
  `acl bootwire_mirrors dstdomain -n "${directory}/mirrors.txt"`,
  ...(access === 'strict' || form === 'snippet'
    ? [`acl bootwire_allowed dstdomain -n "${directory}/allowed.txt"`]
    : []),
  '# Checked against the addresses that a name has, at the moment of the request.',
  `acl bootwire_never dst ${[...NEAR, ...never].join(' ')}`,
]

/** Squid looks for a page below its own folder of languages, however deep that lies; above the root is the root. */
const TO_ROOT = '../../../../../../../..'

/** A snippet adds what it needs to somebody else's rules, and takes nothing away from them. */
const SNIPPET_LINES = ['http_access allow bootwire_clients bootwire_allowed !bootwire_never']

/** What no client may do, whoever it is. */
const GUARDS = [
  'acl bootwire_ssl_ports port 443',
  'acl bootwire_safe_ports port 80 443 1024-65535',
  'acl bootwire_connect method CONNECT',
  'acl bootwire_purge method PURGE',
  'http_access allow localhost manager',
  'http_access deny manager',
  'http_access allow bootwire_purge localhost',
  'http_access deny bootwire_purge',
  'http_access deny !bootwire_safe_ports',
  'http_access deny bootwire_connect !bootwire_ssl_ports',
]

const forwardLines = ({ access, directory }: Settings): string[] => [
  'http_access deny !bootwire_clients',
  ...(access === 'strict'
    ? [
        '# Before any look-up of the name: else every name that a client makes up is asked of the DNS.',
        `deny_info ${TO_ROOT}${directory}/${DENIED_PAGE} bootwire_allowed`,
        'http_access deny !bootwire_allowed',
      ]
    : []),
  'http_access deny bootwire_never',
  'http_access allow bootwire_clients',
]

/** What may be fetched: another list than what is keyed. */
export const accessLines = (settings: Settings): string[] => {
  const { proxy, sites, siblings, form } = settings
  const isWhole = form === 'whole'
  return [
    '# A key is a name for the cache alone: who could have it fetched would choose what all mirrors serve.',
    `acl bootwire_keys dstdomain -n .${KEY_DOMAIN}`,
    'http_access deny bootwire_keys',
    ...(isWhole ? GUARDS : []),
    ...(sites.length > 0 ? ['http_access allow bootwire_clients bootwire_sites'] : []),
    ...(siblings.length > 0
      ? ['http_access allow bootwire_siblings bootwire_mirrors !bootwire_never']
      : []),
    ...(proxy === 'accelerator' ? [] : isWhole ? forwardLines(settings) : SNIPPET_LINES),
    ...(isWhole ? ['http_access deny all'] : []),
  ]
}
