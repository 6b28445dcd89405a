import type { Finding, LintCode } from '../lint-finding.ts'
import { OBSOLETE_DIRECTIVES, OBSOLETE_REFRESH } from '../options/squid-versions.ts'
import { linesOf, type Line } from './directives.ts'

const EVERYONE = new Set(['all', '0.0.0.0/0', '::/0'])

/** One year, the longest that Squid keeps to. */
const YEAR_MINUTES = 525_600

type Say = (
  code: LintCode,
  severity: Finding['severity'],
  message: string,
  instead?: string,
) => void

/** The regular expressions of a line: POSIX ones, of refresh_pattern and of acls that take them. */
const posixRegexes = ([directive, ...rest]: readonly string[]): string[] => {
  if (directive === 'refresh_pattern') return [rest[0] === '-i' ? (rest[1] ?? '') : (rest[0] ?? '')]
  const isRegexAcl =
    directive === 'acl' && /_regex$|^(?:browser|referer_regex|ident_regex)$/.test(rest[1] ?? '')
  return isRegexAcl ? rest.slice(2).filter((word) => word !== '-i' && !word.startsWith('"')) : []
}

const posix = ({ words }: Line, say: Say): void => {
  for (const regex of posixRegexes(words)) {
    const escape = /\\([dDsSwWbB])/.exec(regex)?.[0]
    if (escape === '\\d') {
      say(
        'posix-escape',
        'error',
        `\\d is Perl's; in POSIX it is the letter d`,
        words.join(' ').replaceAll('\\d', '[0-9]'),
      )
    } else if (escape !== undefined) {
      say(
        'posix-escape',
        'warning',
        `${escape} is not POSIX; what it means depends on the C library`,
      )
    }
    if (regex.includes('(?'))
      say('posix-group', 'error', '(? is not POSIX: Squid refuses the expression')
  }
}

/** Regexes in which a dot stands in front of a choice of endings: `-i .(deb|rpm)$` also takes `x-deb`. */
const endings = ({ words }: Line, say: Say): void => {
  for (const regex of posixRegexes(words)) {
    const found = /(?<!\\)\.\(((?:[a-z0-9]+\|)*[a-z0-9]+)\)\$?$/i.exec(regex)
    if (found)
      say(
        'unescaped-dot',
        'warning',
        'the dot in front of the endings is not escaped and matches any character',
        words.join(' ').replace(found[0], `\\${found[0]}`),
      )
  }
}

const refresh = ({ words }: Line, say: Say): void => {
  if (words[0] !== 'refresh_pattern') return
  const old = OBSOLETE_REFRESH.filter((option) => words.includes(option))
  // One line with all of it mended, not one for each.
  const instead = words
    .filter((word) => !old.includes(word) && word !== 'ignore-reload' && word !== 'ignore-private')
    .join(' ')
  for (const option of old)
    say('obsolete', 'error', `${option} was removed; Squid warns and ignores it`, instead)
  if (words.includes('ignore-reload')) {
    say('ignore-reload', 'error', 'ignore-reload keeps a client from healing a bad copy', instead)
  }
  if (words.includes('ignore-private')) {
    say('ignore-private', 'error', 'ignore-private serves one user what was meant for another')
  }
  const numbers = words.filter((word) => /^\d+$/.test(word)).map(Number)
  if (numbers.some((minutes) => minutes > YEAR_MINUTES)) {
    say(
      'too-long',
      'warning',
      `Squid crops what is above a year (${YEAR_MINUTES} minutes), with a warning`,
    )
  }
}

const helper = ({ words }: Line, say: Say): void => {
  const [directive = '', ...rest] = words
  if (/^(?:store_id|url_rewrite)_bypass$/.test(directive) && rest[0] === 'on') {
    say(
      'bypass',
      'error',
      'with bypass on, a busy helper silently costs the key',
      `${directive} off`,
    )
  }
  if (!/^(?:store_id|url_rewrite)_children$/.test(directive)) return
  const concurrency = Number(/concurrency=(\d+)/.exec(rest.join(' '))?.[1] ?? 0)
  if (concurrency < 100) {
    say(
      'concurrency',
      'error',
      `concurrency=${concurrency}: a helper answers so many at a time; from 100 on one process is enough`,
    )
  }
  if (!rest.some((word) => word === 'on-persistent-overload=ERR')) {
    say(
      'overload',
      'warning',
      'without on-persistent-overload=ERR (4.0.14 and later) a hung helper ends Squid after 180 s',
    )
  }
}

/** Names of acls that let everyone in: `acl world src all`, `acl x src 0.0.0.0/0`. */
const openAcls = (lines: readonly Line[]): ReadonlySet<string> => {
  const open = new Set(EVERYONE)
  for (const { words } of lines) {
    if (
      words[0] === 'acl' &&
      words[2] === 'src' &&
      words.slice(3).some((word) => EVERYONE.has(word))
    )
      open.add(words[1]!)
  }
  return open
}

/** acls that Squid has of itself since 3.2 to 4, and a configuration of before defines again. */
const BUILT_IN = new Set(['manager', 'localhost', 'to_localhost', 'CONNECT'])

/** Directives of TLS that were renamed or dropped. */
const OLD_TLS = /^sslproxy_|^ssl_bump$/

const access = ({ words }: Line, say: Say, open: ReadonlySet<string>): void => {
  const [directive, verb, ...acls] = words
  if (
    directive === 'http_access' &&
    verb === 'allow' &&
    acls.length > 0 &&
    acls.every((acl) => open.has(acl) || acl.startsWith('!'))
  ) {
    say('allow-all', 'error', 'an open proxy: anyone can use it for anything')
  }
  if (
    directive === 'acl' &&
    BUILT_IN.has(verb ?? '') &&
    (words[2] === 'proto' || words[2] === 'src' || words[2] === 'dst')
  )
    say(
      'obsolete',
      'warning',
      `the acl ${verb} is Squid's own since 3.2; this one adds to it or is refused`,
    )
  if (
    directive !== undefined &&
    OLD_TLS.test(directive) &&
    (directive !== 'ssl_bump' || /^(?:server-first|client-first|none|allow|deny)$/.test(verb ?? ''))
  )
    say(
      'obsolete',
      'error',
      `${directive} ${verb ?? ''} is of Squid 3; now tls_outgoing_options, or ssl_bump peek, splice and bump`,
    )
  const gone =
    directive !== undefined && Object.hasOwn(OBSOLETE_DIRECTIVES, directive)
      ? OBSOLETE_DIRECTIVES[directive]
      : undefined
  if (gone !== undefined) say('obsolete', 'error', `${directive} ${gone}`)
}

const whole = (lines: readonly Line[], say: Say): void => {
  const named = (name: string): Line[] => lines.filter(({ words }) => words[0] === name)
  const rules = named('http_access')
  rules.forEach(({ words }, i) => {
    const denies = rules
      .slice(i + 1)
      .find(
        (later) =>
          later.words[1] === 'deny' && later.words[2]?.startsWith('!') && later.words.length === 3,
      )
    if (
      words[1] === 'allow' &&
      words.length === 3 &&
      denies &&
      /net|clients/i.test(words[2] ?? '')
    ) {
      say(
        'late-deny',
        'warning',
        `"${words.join(' ')}" stands before "${denies.words.join(' ')}", which then says nothing to them`,
      )
    }
  })
  if (rules.length > 0 && rules.at(-1)!.words.slice(1).join(' ') !== 'deny all') {
    say(
      'no-deny-all',
      'error',
      'the last http_access is not "deny all": what no rule names gets the opposite of the last one',
    )
  }
  if (named('store_id_program').length === 0) return
  if (named('store_id_bypass').length === 0) {
    say(
      'bypass',
      'error',
      'store_id_bypass is on unless it is set: a busy helper silently costs the key',
      'store_id_bypass off',
    )
  }
  if (named('store_id_children').length === 0) {
    say(
      'concurrency',
      'error',
      'store_id_children is not set: 20 helpers that answer one at a time',
      'store_id_children 2 startup=0 idle=2 concurrency=200 queue-size=1000 on-persistent-overload=ERR',
    )
  }
  const [first] = named('store_id_access')
  if (first?.words.slice(1).join(' ') === 'deny all') {
    say(
      'no-keys',
      'error',
      'store_id_access denies all: the program is never asked',
      'store_id_access allow MIRRORS, with acl MIRRORS dstdomain -n "FILE"',
    )
  }
  if (named('maximum_object_size').length === 0) {
    say(
      'small-objects',
      'warning',
      'maximum_object_size is 4 MB unless it is set: no larger package is kept',
      'maximum_object_size 8192 MB',
    )
  }
  if (named('store_miss').length === 0) {
    say(
      'redirect-loop',
      'error',
      'no store_miss: a redirect under a shared key loops for ever',
      'store_miss deny REDIRECTS, with acl REDIRECTS http_status 300-599',
    )
  }
}

/** Tells what is wrong with a `squid.conf` that serves package repositories. Squid's own `-k parse` comes first. */
export const lintSquidConf = (text: string): Finding[] => {
  const lines = linesOf(text)
  const findings: Finding[] = []
  const sayAt =
    (line: number): Say =>
    (code, severity, message, instead) =>
      void findings.push({
        line,
        code,
        severity,
        message,
        ...(instead !== undefined && { instead }),
      })
  const open = openAcls(lines)
  for (const line of lines) {
    for (const check of [posix, endings, refresh, helper, access])
      check(line, sayAt(line.number), open)
  }
  whole(lines, sayAt(lines.at(-1)?.number ?? 1))
  return findings.toSorted((a, b) => a.line - b.line)
}
