import { finding, type DoctorFinding } from './finding.ts'

const IN_CACHE_LOG: readonly (readonly [
  RegExp,
  DoctorFinding['code'],
  DoctorFinding['severity'],
  string,
])[] = [
  [
    /helpers are crashing too rapidly|Too few (?:store_id|url_rewrite) processes|(?:store_id|storeid\S*|rewrite) #Hlpr\d+ exited/g,
    'crashing',
    'error',
    'helpers exit',
  ],
  [
    /assertion failed: (?:helper|Write)\.cc/g,
    'crashing',
    'error',
    'Squid itself ended because of what a helper sent',
  ],
  [
    /invalid result code|Wrong helper\?|unexpected reply on channel/g,
    'wrong-answers',
    'error',
    'a helper answers what Squid does not understand',
  ],
  [
    /Too many queued (?:store_id|storeid|url_rewrite) requests|queue overload/gi,
    'queue',
    'error',
    'the helpers were overloaded',
  ],
  [
    /bootwire-squid: rules refused/g,
    'rules-refused',
    'error',
    'new rules were refused and are not in force',
  ],
  [
    /Can(?:not|'t) open (?:the )?file|Can not open file|No such file or directory/gi,
    'missing-file',
    'error',
    'Squid cannot open a file that its configuration names: was --out another folder than cache.directory?',
  ],
  [
    /public hostname|Could not determine this machines/gi,
    'own-name',
    'warning',
    "this host's own name does not resolve, which costs every answer a look-up: set visible_hostname",
  ],
  [
    /Vary object loop/g,
    'vary',
    'warning',
    'a mirror varies by Accept-Encoding, so that clients keep copies of their own of one file',
  ],
]

export const fromCacheLog = (log: string): DoctorFinding[] =>
  IN_CACHE_LOG.flatMap(([pattern, code, severity, message]) => {
    const count = log.match(pattern)?.length ?? 0
    return count === 0 ? [] : finding(code, severity, `${message} (${count} times in cache.log)`)
  })
