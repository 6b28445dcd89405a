import { KEY_DOMAIN } from '../catalogue/model.ts'
import type { CompiledRepository } from '../engine/compile.ts'
import { settingsOf, type Settings } from '../options/cache-defaults.ts'
import type { Options } from '../options/options.ts'
import { VERSIONS } from '../options/squid-versions.ts'
import { siteLines } from './accelerator.ts'
import { freshnessLines } from './freshness.ts'
import { helperLines } from './helper-lines.ts'

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`# ${title}`, ...lines, '']

const networkLines = ({ clients, directory, alsoAllow }: Settings): string[] => [
  `acl bootwire_clients src ${clients.join(' ')}`,
  `acl bootwire_mirrors dstdomain "${directory}/mirrors.txt"`,
  ...(alsoAllow.length > 0
    ? [`acl bootwire_also dstdomain ${alsoAllow.map((host) => host.replace(/^\*/, '')).join(' ')}`]
    : []),
]

const portLines = ({ proxy, port, form }: Settings): string[] =>
  form === 'whole' && proxy !== 'accelerator' ? [`http_port ${port}`] : []

const accessLines = (settings: Settings): string[] => {
  const { proxy, sites, alsoAllow, siblings, form } = settings
  const forward = proxy !== 'accelerator'
  return [
    '# A key is a name for the cache alone: who could have it fetched would choose what all mirrors serve.',
    `acl bootwire_keys dstdomain .${KEY_DOMAIN}`,
    'http_access deny bootwire_keys',
    ...(form === 'whole'
      ? [
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
          'http_access deny to_localhost',
        ]
      : []),
    ...(sites.length > 0 ? ['http_access allow bootwire_clients bootwire_sites'] : []),
    ...(forward ? ['http_access allow bootwire_clients bootwire_mirrors'] : []),
    ...(forward && alsoAllow.length > 0
      ? ['http_access allow bootwire_clients bootwire_also']
      : []),
    ...(siblings.length > 0 ? ['http_access allow bootwire_siblings bootwire_mirrors'] : []),
  ]
}

const siblingLines = ({ siblings }: Settings): string[] =>
  siblings.length === 0
    ? []
    : [
        'icp_port 3130',
        ...siblings.map(
          ({ host, httpPort = 3128, icpPort = 3130 }) =>
            `cache_peer ${host} sibling ${httpPort} ${icpPort} proxy-only no-digest`,
        ),
        `acl bootwire_siblings src ${siblings.map(({ host }) => host).join(' ')}`,
        'icp_access allow bootwire_siblings',
        'icp_access deny all',
      ]

/** Files whose Range requests fetch the whole: dnf and libzypp ask for pieces. */
const PACKAGE_FILES = '\\.(rpm|drpm|deb|udeb|apk|zck|whl|tgz|crate|zip|pkg\\.tar\\.(zst|xz|gz))$'

const cacheLines = (settings: Settings): string[] => {
  const { storage, cacheDirectory, diskMegabytes, memoryMegabytes, largestMegabytes, workers } =
    settings
  const disk =
    storage === 'memory'
      ? []
      : storage === 'rock'
        ? [`cache_dir rock ${cacheDirectory} ${diskMegabytes}`]
        : [
            'cache_replacement_policy heap LFUDA',
            `cache_dir aufs ${cacheDirectory} ${diskMegabytes} 16 256`,
          ]
  return [
    ...(workers > 1 ? [`workers ${workers}`] : []),
    `cache_mem ${memoryMegabytes} MB`,
    'maximum_object_size_in_memory 1 MB',
    'memory_replacement_policy heap GDSF',
    "# Before cache_dir: older Squids read it as that directory's limit.",
    `maximum_object_size ${largestMegabytes} MB`,
    ...disk,
  ]
}

const sharingLines = [
  '# A redirect or an error under a shared key would be served for every mirror, and loop (Squid bug 3937).',
  'acl bootwire_not_ok http_status 300-599',
  'store_miss deny bootwire_not_ok',
  "# Squid's own pages of counters are of this moment.",
  'cache deny manager',
  '# Two mirrors asked at the same moment are one fetch.',
  'collapsed_forwarding on',
  '# A Range request fetches the whole file once, and finishes it when the client goes away.',
  `acl bootwire_files urlpath_regex ${PACKAGE_FILES}`,
  'range_offset_limit none bootwire_files',
  'quick_abort_min -1 KB',
]

const logLines = ({ logDirectory, pidFile }: Settings): string[] => [
  'logformat bootwire %ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt "%{store-id}note"',
  `access_log daemon:${logDirectory}/access.log logformat=bootwire`,
  `cache_log ${logDirectory}/cache.log`,
  `pid_filename ${pidFile}`,
]

/** A `squid.conf`, or the snippet of it that concerns package repositories. */
export const toSquidConf = (
  options: Options,
  repositories: readonly CompiledRepository[],
): string => {
  const settings = settingsOf(options)
  const { version, form, extra } = settings
  const whole = form === 'whole'
  const origins = options.mode === 'pinned' ? (options.origins ?? {}) : undefined
  return [
    `# Generated by bootwire-squid for Squid ${version}${VERSIONS[version].wasRun ? '' : ' (not run on this version)'}.`,
    ...(whole ? [] : ['# Include it in front of your own http_access and refresh_pattern lines.']),
    '',
    ...section('Who may use it, and for what.', networkLines(settings)),
    ...section('Ports.', portLines(settings)),
    ...section('Names of our own.', siteLines(settings)),
    ...section('Other Squids with the same rules.', siblingLines(settings)),
    ...section('Keys.', helperLines(settings, options.mode)),
    ...section('One copy for all.', sharingLines),
    ...section('Freshness.', freshnessLines(settings, repositories, origins)),
    ...(whole ? section('The cache.', cacheLines(settings)) : []),
    ...(whole ? section('Logs.', logLines(settings)) : []),
    ...section('Your own lines.', extra),
    ...section('Access, in this order.', accessLines(settings)),
    ...(whole ? ['http_access deny all', ''] : []),
  ].join('\n')
}
