import type { Finding } from '../lint-finding.ts'
import { lintSquidConf } from '../squid-conf/lint.ts'
import { lintStoreIdDb } from '../storeid-db/lint.ts'

/** What a file is, whatever it is called. */
export type LintedAs = 'squid-conf' | 'storeid-db'

const DIRECTIVE =
  /^\s*(?:acl|http_access|http_port|https_port|refresh_pattern|cache_\w+|store_\w+|url_rewrite_\w+|maximum_object\w*|visible_hostname|include|coredump_dir|icp_\w+|access_log|logformat|dns_\w+|sslproxy_\w+|ssl_bump|tls_\w+|shutdown_lifetime|request_header_\w+|reply_header_\w+|never_direct|always_direct|collapsed_forwarding|range_offset_limit|quick_abort_\w+)\s/

/** Known by its content: a `storeid.db` has expressions with anchors, groups or a tab, a `squid.conf` has directives. */
export const kindOfFile = (text: string): LintedAs => {
  let directives = 0
  let rules = 0
  for (const line of text.split('\n')) {
    if (/^\s*(?:#|$)/.test(line)) continue
    if (DIRECTIVE.test(line)) directives++
    else if (/^\s*\^|\t\S|\bhttps?[?]?:|\(\.\*|\[\^/.test(line)) rules++
  }
  return directives > rules ? 'squid-conf' : rules > 0 ? 'storeid-db' : 'squid-conf'
}

/** Lints a file as what it is. */
export const lintFile = (text: string, as: LintedAs = kindOfFile(text)): Finding[] =>
  as === 'squid-conf' ? lintSquidConf(text) : lintStoreIdDb(text)
