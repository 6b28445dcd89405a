import type { Configuration } from '../decide/configuration.ts'
import { factOf, type Facts } from '../model/facts.ts'
import { chainLines, localLines } from '../profiles/ipxe-lines.ts'
import { sayScript } from './ipxe-scripts.ts'

/** What a machine's console can say in place of a boot; docs/errors.md has a row for each. */
export const CONSOLE_TITLES = {
  'BW-UNKNOWN': 'this machine has no boot target',
  'BW-TEMPLATE': 'this machine has no boot target',
  'BW-STATE': 'this boot cannot be remembered',
  'BW-CONFLICT': 'it is not clear which machine this is; nothing is installed',
  'BW-HELD': 'this machine is held; nothing is installed',
  'BW-FAILED': 'the installation of this machine failed; it is not tried again',
} as const

export type ConsoleCode = keyof typeof CONSOLE_TITLES

export interface Trouble {
  readonly code: ConsoleCode
  readonly why: string
}

/** The first value of a fact. */
export const textOf = (facts: Facts, name: string): string | undefined => {
  const { value } = factOf(facts, name)
  return typeof value === 'string' ? value : value?.[0]
}

/**
 * What a machine's console shows when there is nothing to boot, and what it does then.
 * @param link - its next script's URL; `choose`: the profile that it goes on with
 */
export const explainScript = (
  { unknown: { waitSeconds, after } }: Pick<Configuration, 'unknown'>,
  facts: Facts,
  { code, why }: Trouble,
  link: (choose?: string) => string,
): string => {
  const lines = [
    `Bootwire: ${CONSOLE_TITLES[code]} [${code}]`,
    `mac: ${textOf(facts, 'mac') ?? 'unknown'}`,
    ...['uuid', 'serial', 'product'].flatMap((name) => {
      const value = textOf(facts, name)
      return value === undefined ? [] : [`${name}: ${value}`]
    }),
    `reason: ${why}`,
  ]
  const isUnknown = code === 'BW-UNKNOWN'
  // Booting anyway could install a machine again and again; its disk may be what was to be replaced.
  if (code === 'BW-STATE' || (after === 'retry' && (isUnknown || code === 'BW-TEMPLATE'))) {
    const last = `asking again in ${waitSeconds} s`
    return sayScript([...lines, last], waitSeconds, chainLines(link())).text
  }
  if (after === 'local' || !isUnknown) {
    const last = `booting the local disk in ${waitSeconds} s`
    return sayScript([...lines, last], waitSeconds, localLines()).text
  }
  const last = `going on with "${after}" in ${waitSeconds} s`
  return sayScript([...lines, last], waitSeconds, chainLines(link(after))).text
}
