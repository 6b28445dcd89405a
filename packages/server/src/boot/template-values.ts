import type { Facts } from '../model/facts.ts'
import type { ServerAddress } from '../model/server-address.ts'

const FIRST_VALUE = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0]

/** What templates can name: the machine's facts, and what the configuration says of it. */
export interface TemplateInput {
  readonly facts: Facts
  /** What features give. */
  readonly given: Readonly<Record<string, unknown>>
  readonly server: ServerAddress
  readonly profile: string
  readonly answers: readonly string[]
  readonly vars: Readonly<Record<string, unknown>>
  readonly secrets: Readonly<Record<string, string>>
  readonly name: string | undefined
  readonly tags: readonly string[]
  /** URL for the installer's report, where the profile awaits one. */
  readonly report?: string
}

const dashed = (mac: string): string => mac.replaceAll(':', '-')

/** URL of one answer, which an installer asks for without knowing more than this URL. */
const answerUrl = (server: ServerAddress, mac: string, answer: string): string =>
  `${server.base}/answers/${dashed(mac)}/${encodeURIComponent(answer)}`

/** The values of a template. Facts that the machine does not have are missing, so naming them is an error. */
export const templateValues = (input: TemplateInput): Record<string, unknown> => {
  const { facts, given, server, profile, answers, vars, secrets, name, tags, report } = input
  const values: Record<string, unknown> = {}
  const query: Record<string, string> = {}
  for (const [key, value] of Object.entries(facts.known)) {
    const first = FIRST_VALUE(value)
    if (first === undefined) continue
    if (key.startsWith('query.')) query[key.slice('query.'.length)] = first
    else values[key.replaceAll('-', '_')] = first
  }
  const mac = FIRST_VALUE(facts.known['mac'])
  return {
    ...given,
    ...values,
    query,
    ...(name !== undefined && { name }),
    tags,
    profile,
    vars,
    secret: secrets,
    server: { address: server.address, url: server.base, assets: `${server.base}/assets` },
    ...(mac !== undefined && {
      mac_dashed: dashed(mac),
      answer: Object.fromEntries(answers.map((each) => [each, answerUrl(server, mac, each)])),
      nocloud: `${server.base}/answers/${dashed(mac)}/`,
    }),
    ...(report !== undefined && {
      report: { done: `${report}/done`, failed: `${report}/failed` },
    }),
  }
}
