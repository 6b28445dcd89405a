import type { CompiledRepository } from '../engine/compile.ts'
import { settingsOf, type Settings } from '../options/cache-defaults.ts'
import type { CacheOptions, Options } from '../options/options.ts'
import { VERSIONS } from '../options/squid-versions.ts'
import { quoteRegex } from '../pattern/index.ts'
import { siteLines } from './accelerator.ts'
import { accessLines, aclLines } from './access.ts'
import { freshnessLines } from './freshness.ts'
import { helperLines } from './helper-lines.ts'

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`# ${title}`, ...lines, '']

const portLines = ({ proxy, port, form, host }: Settings): string[] => [
  ...(form === 'whole' && proxy !== 'accelerator' ? [`http_port ${port}`] : []),
  // Without it Squid looks its own host's name up for every answer, where that name does not resolve.
  ...(form === 'whole' ? [`visible_hostname ${host}`] : []),
]

/** Pinned `https` origins are fetched by Squid itself. */
const outgoingLines = ({ origins, cache, mode }: Options): string[] =>
  mode === 'pinned' &&
  cache?.tlsCaFile !== undefined &&
  Object.values(origins ?? {}).some((origin) => origin.startsWith('https://'))
    ? [`tls_outgoing_options cafile=${cache.tlsCaFile}`]
    : []

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

/** How the names of keyed files end: dnf and libzypp ask for pieces of them, so a Range request fetches the whole. */
const packageFiles = (repositories: readonly CompiledRepository[]): string => {
  const ends = new Set<string>()
  for (const { pattern } of repositories.flatMap(({ keyed }) => keyed)) {
    const pieces = pattern.segments.at(-1)!.pieces
    const free = pieces.findLastIndex((piece) => piece.kind !== 'fixed' || piece.hex !== undefined)
    let words = ['']
    for (const piece of pieces.slice(free + 1)) {
      if (piece.kind === 'fixed')
        words = words.flatMap((start) => piece.anyOf.map((word) => start + word))
    }
    for (const word of words) if (word.startsWith('.')) ends.add(word)
  }
  return `(${[...ends].toSorted().map(quoteRegex).join('|')})$`
}

const cacheLines = (settings: Settings, asked: CacheOptions | undefined): string[] => {
  const { storage, cacheDirectory, diskMegabytes, memoryMegabytes, largestMegabytes, workers } =
    settings
  // A snippet sets only what was asked for: the file that includes it has a cache of its own.
  const sets = (key: keyof CacheOptions): boolean =>
    settings.form === 'whole' || asked?.[key] !== undefined
  const disk =
    storage === 'memory' || !(sets('diskMegabytes') || sets('storage') || sets('cacheDirectory'))
      ? []
      : storage === 'rock'
        ? [`cache_dir rock ${cacheDirectory} ${diskMegabytes}`]
        : [
            'cache_replacement_policy heap LFUDA',
            `cache_dir aufs ${cacheDirectory} ${diskMegabytes} 16 256`,
          ]
  return [
    ...(workers > 1 ? [`workers ${workers}`] : []),
    ...(sets('memoryMegabytes') ? [`cache_mem ${memoryMegabytes} MB`] : []),
    ...(settings.form === 'whole'
      ? ['maximum_object_size_in_memory 1 MB', 'memory_replacement_policy heap GDSF']
      : []),
    "# Before cache_dir: older Squids read it as that directory's limit.",
    `maximum_object_size ${largestMegabytes} MB`,
    ...disk,
  ]
}

const sharingLines = (repositories: readonly CompiledRepository[]): string[] => [
  '# A redirect or an error under a shared key would be served for every mirror, and loop (Squid bug 3937).',
  'acl bootwire_not_ok http_status 300-599',
  'store_miss deny bootwire_not_ok',
  '# An answer that does not say how long it is may end anywhere, and nobody could tell.',
  'acl bootwire_has_length rep_header Content-Length [0-9]',
  'store_miss deny !bootwire_has_length',
  "# Squid's own pages of counters are of this moment.",
  'cache deny manager',
  '# Two mirrors asked at the same moment are one fetch.',
  'collapsed_forwarding on',
  '# A Range request fetches the whole file once, and finishes it when the client goes away.',
  `acl bootwire_files urlpath_regex ${packageFiles(repositories)}`,
  'range_offset_limit none bootwire_files',
  'quick_abort_min -1 KB',
]

const logLines = ({ logDirectory, pidFile }: Settings): string[] => [
  'logformat bootwire %ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt "%{store-id}note" %<sh',
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
    ...section('Who may use it, and for what.', aclLines(settings)),
    ...section('Ports.', portLines(settings)),
    ...section('Names of our own.', siteLines(settings)),
    ...section('Other Squids with the same rules.', siblingLines(settings)),
    ...section('Keys.', helperLines(settings, options.mode, repositories)),
    ...section('One copy for all.', sharingLines(repositories)),
    ...section('Freshness.', freshnessLines(settings, repositories, origins)),
    ...section('The cache.', cacheLines(settings, options.cache)),
    ...section('TLS to origins.', outgoingLines(options)),
    ...(whole ? section('Logs.', logLines(settings)) : []),
    ...section('Your own lines.', extra),
    ...section('Access, in this order.', accessLines(settings)),
  ].join('\n')
}
