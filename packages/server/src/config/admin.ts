import { createHash } from 'node:crypto'

import { messageOf } from '../model/errors.ts'
import type { ConfigHost, Findings, Path } from '../model/issues.ts'
import type { AdminSettings, AdminToken } from '../model/plan.ts'
import type { ConfigInput } from './schema.ts'

type AdminInput = NonNullable<NonNullable<ConfigInput['server']>['admin']>
type TokenInput = NonNullable<AdminInput['tokens']>[string]

/** Shorter ones can be guessed. */
const MIN_TOKEN_CHARACTERS = 16

/** The text of a token, read when the configuration is loaded; undefined: it has been said why it cannot be had. */
const readToken = (
  { file, env }: TokenInput,
  host: ConfigHost,
  report: (key: string, why: string) => void,
): string | undefined => {
  if (env !== undefined) {
    if (host.env[env] === undefined) report('env', `the environment has no ${env}`)
    return host.env[env]
  }
  const path = host.resolve(file ?? '')
  try {
    return host.readText(path).trim()
  } catch (error) {
    report('file', `cannot read ${path}: ${messageOf(error)}`)
    return undefined
  }
}

const tokenOf = (
  name: string,
  given: TokenInput,
  host: ConfigHost,
  findings: Findings,
): AdminToken[] => {
  const at = (key: string): Path => ['server', 'admin', 'tokens', name, key]
  const text = readToken(given, host, (key, why) => findings.add('no-secret', at(key), why))
  if (text === undefined) return []
  if (text.length < MIN_TOKEN_CHARACTERS || /\s/.test(text)) {
    const why = `the token "${name}" has ${text.length} characters; it must have at least ${MIN_TOKEN_CHARACTERS}, and no blanks: openssl rand -hex 32 makes one`
    findings.add('weak-token', at(given.file === undefined ? 'env' : 'file'), why)
  }
  const sha256 = createHash('sha256').update(text).digest('hex')
  return [{ name, sha256, scopes: given.scopes }]
}

/** Who may use the admin door over TCP, and where. */
export const adminOf = (
  { listen, tokens = {}, hosts = [] }: AdminInput,
  host: ConfigHost,
  findings: Findings,
): AdminSettings => {
  const known = Object.entries(tokens).flatMap(([name, given]) =>
    tokenOf(name, given, host, findings),
  )
  const [address = '', port = ''] = listen?.split(':') ?? []
  if (Number(port) > 65_535)
    findings.add('bad-port', ['server', 'admin', 'listen'], `port ${port} is above 65535`)
  return {
    ...(listen !== undefined && { listen: { address, port: Number(port) } }),
    tokens: known,
    hosts: hosts.map((each) => each.toLowerCase()),
  }
}
