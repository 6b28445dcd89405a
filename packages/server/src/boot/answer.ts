import { profileOf, type Configuration } from '../decide/configuration.ts'
import { decideMachine, type Reason } from '../decide/verdict.ts'
import type { AnswerFormat } from '../model/answer-formats.ts'
import { messageOf } from '../model/errors.ts'
import type { Facts } from '../model/facts.ts'
import type { ServerAddress } from '../model/server-address.ts'
import { renderTemplate } from '../templates/template.ts'
import { templateValues } from './template-values.ts'

export type AnswerDecision =
  | {
      readonly found: true
      readonly text: string
      readonly format: AnswerFormat
      readonly profile: string
      readonly reasons: readonly Reason[]
    }
  | {
      readonly found: false
      /** 500: there is one, and it cannot be made for this machine. */
      readonly status: 404 | 500
      readonly why: string
      readonly reasons: readonly Reason[]
    }

/** cloud-init's NoCloud asks for these beside `user-data` and takes their absence for the absence of the whole. */
const automatic = (answer: string, mac: string, name: string | undefined): string | undefined => {
  if (answer === 'vendor-data') return ''
  if (answer !== 'meta-data') return undefined
  const id = `instance-id: "${mac}"\n`
  return name === undefined ? id : `${id}local-hostname: ${JSON.stringify(name)}\n`
}

/**
 * One answer for one machine. The profile is that of its last script: an installation goes on as it began.
 * @param report - URL of its report, where an installation is under way
 */
export const decideAnswer = (
  configuration: Configuration,
  server: ServerAddress,
  facts: Facts,
  begun: string | undefined,
  answer: string,
  report: string | undefined,
): AnswerDecision => {
  const decision = decideMachine(configuration, facts)
  const { verdict, reasons } = decision
  const started = begun === undefined ? undefined : profileOf(configuration, begun)
  const profile = started ?? (verdict.kind === 'profile' ? verdict.profile : undefined)
  if (!profile) {
    const why =
      verdict.kind === 'unknown' ? verdict.why : 'it is not decided yet what this machine boots'
    return { found: false, status: 404, why, reasons }
  }
  const { name } = decision
  const given = Object.hasOwn(profile.answers, answer) ? profile.answers[answer] : undefined
  const mac = facts.known['mac']
  if (!given) {
    const text = Object.hasOwn(profile.answers, 'user-data')
      ? automatic(answer, String(mac), name)
      : undefined
    if (text !== undefined)
      return { found: true, text, format: 'cloud-init', profile: profile.name, reasons }
    const names = Object.keys(profile.answers).join(', ') || 'none'
    return {
      found: false,
      status: 404,
      why: `profile "${profile.name}" has no answer "${answer}"; it has: ${names}`,
      reasons,
    }
  }
  const values = templateValues({
    given: configuration.given,
    facts: decision.facts,
    server,
    profile: profile.name,
    answers: Object.keys(profile.answers),
    vars: decision.varsFor(profile),
    secrets: configuration.secrets,
    name,
    tags: decision.tags,
    ...(profile.once && { report: report ?? `${server.base}/report/none` }),
  })
  const { format } = given
  const where = given.file ?? `answer "${answer}" of "${profile.name}"`
  try {
    const text = renderTemplate(given.text, values, format, where)
    return { found: true, text, format, profile: profile.name, reasons }
  } catch (error) {
    return { found: false, status: 500, why: messageOf(error), reasons }
  }
}
