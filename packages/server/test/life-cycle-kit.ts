import { expect } from 'vitest'

import type { ScriptDecision } from '../src/boot/script.ts'
import { boots, serviceFor, type TestService } from './support.ts'

export const MAC = '52:54:00:00:00:01'
export const OTHER = '52:54:00:00:00:02'
export const UUID = '4c4c4544-0000-4000-8000-000000000001'
export const known = { mac: MAC, final: '1', serial: 'S123', buildarch: 'x86_64', platform: 'efi' }

export const tokenOf = (text: string): string => /report\/([\w.-]+)\//.exec(text)?.[1] ?? ''

export const INSTALL = '{ kernel: "http://h/k", args: "done={{ report.done }}", once: true }'
export const yaml = `
profiles:
  install: ${INSTALL}
  other: { local: true }
machines: { m: { mac: "${MAC}", profile: install } }`

export const profileOf = async (made: TestService, query: Record<string, string> = known) =>
  (await boots(made, query)).profile?.name

export const done = (made: TestService, text: string, ip = '10.0.0.7') =>
  made.service.report(tokenOf(text), { status: 'done', ip })

/** A service whose machine is installed. */
export const installed = async (text = yaml, query: Record<string, string> = known) => {
  const made = await serviceFor(text)
  const first = await boots(made, query)
  expect(await done(made, first.text)).toMatchObject({ kind: 'noted', outcome: 'taken' })
  return { ...made, token: tokenOf(first.text) }
}

/** The same machines with another file, after the daemon was started again. */
export const restarted = async ({ folder, close }: TestService, text = yaml) => {
  await close()
  return serviceFor(text, { folder })
}

/** Asks for a script as something that is no machine. */
export const ask = (
  made: TestService,
  query: Record<string, string>,
  mode?: 'look' | 'ask',
): Promise<ScriptDecision> => made.service.script(query, '10.0.0.99', mode)

/** Takes the `nth` item of the menu that the machine is shown. */
export const choose = async (made: TestService, nth: number) => {
  const { text } = await boots(made, known)
  const urls = [...text.matchAll(/^chain .*?(http\S+)/gm)].map(([, url]) => url ?? '')
  const query = Object.fromEntries(new URL(urls[nth] ?? '').searchParams)
  return { text, after: await boots(made, { ...query, ...known }) }
}
