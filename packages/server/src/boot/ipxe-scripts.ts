import {
  facts,
  recipes,
  script,
  type BuiltScript,
  type ScriptLine,
  type Setting,
} from '@bootwire/ipxe-script'

import { sayLines, waitLines } from '../profiles/ipxe-lines.ts'

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
}

/** Sends iPXE to `url` with everything it knows of the machine. */
export const factsScript = (url: string, withMac: boolean): BuiltScript =>
  script(
    recipes
      .chainWithFacts({ uri: url, facts: withMac ? { mac: facts.mac, ...URL_FACTS } : URL_FACTS })
      .orEnd(),
  )

/** Shows `lines` for a while, then goes on. */
export const sayScript = (
  lines: readonly string[],
  waitSeconds: number,
  next: readonly ScriptLine[],
): BuiltScript => script(sayLines(lines), waitLines(waitSeconds), next)
