import {
  facts,
  net,
  recipes,
  script,
  type BuiltScript,
  type ScriptLine,
  type Setting,
} from '@bootwire/ipxe-script'

import { CARD_PARAMETERS } from '../decide/query.ts'
import { chainLines, sayLines, waitLines } from '../profiles/ipxe-lines.ts'

/** Facts that iPXE knows and DHCP does not, by the names that the script's URL has for them. */
const URL_FACTS: Readonly<Record<string, Setting>> = {
  uuid: facts.uuid,
  serial: facts.serial,
  asset: facts.asset,
  product: facts.product,
  manufacturer: facts.manufacturer,
  hostname: facts.hostname,
  buildarch: facts.buildarch,
  platform: facts.platform,
  // A machine is known by any of its cards, whichever it boots by.
  ...Object.fromEntries(CARD_PARAMETERS.map((name, i) => [name, net(i).mac])),
}

/** Sends iPXE to `url` with everything it knows of the machine. */
export const factsScript = (url: string, withMac: boolean): BuiltScript =>
  script(
    recipes
      .chainWithFacts({ uri: url, facts: withMac ? { mac: facts.mac, ...URL_FACTS } : URL_FACTS })
      .orEnd(),
  )

/** Sends iPXE to `url`, in one line: who only looks at a script, as a monitor does, does not follow it. */
export const chainScript = (url: string): BuiltScript => script(chainLines(url))

/** Shows `lines` for a while, then goes on. */
export const sayScript = (
  lines: readonly string[],
  waitSeconds: number,
  next: readonly ScriptLine[],
): BuiltScript => script(sayLines(lines), waitLines(waitSeconds), next)

/** A script that shows `lines` before it does anything. */
export const saidFirst = (text: string, lines: readonly string[]): string =>
  script(sayLines(lines)).text + text.slice(text.indexOf('\n') + 1)
