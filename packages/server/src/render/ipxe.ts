import {
  chain,
  echo,
  exit,
  facts,
  goto,
  label,
  recipes,
  script,
  seconds,
  setting,
  sleep,
  type BuiltScript,
  type Key,
  type ScriptLine,
  type Setting,
} from '@bootwire/ipxe-script'

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

/** Text that a console shows as it is; firmware consoles have no more than ASCII. */
const plain = (text: string): string =>
  text
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .replaceAll('${', '$ {')
    .trim()
    .slice(0, 300)

const say = (lines: readonly string[]): ScriptLine[] => lines.map((line) => echo(plain(line)))

const wait = (waitSeconds: number): ScriptLine[] =>
  waitSeconds > 0 ? [sleep(seconds(waitSeconds)).orIgnore()] : []

export const localLines = (): ScriptLine[] => [recipes.localBoot()]

export const chainLines = (url: string): ScriptLine[] => [
  chain({ autofree: true, replace: true }, url).orEnd(),
]

/** Shows `lines` for a while, then goes on. */
export const sayScript = (
  lines: readonly string[],
  waitSeconds: number,
  next: readonly ScriptLine[],
): BuiltScript => script(say(lines), wait(waitSeconds), next)

export const localScript = (): BuiltScript => script(localLines())
export const chainScript = (url: string): BuiltScript => script(chainLines(url))

/** What happens when a file cannot be loaded: the console says which, and the local disk boots. */
const failure = (what: string, waitSeconds: number): ScriptLine[] => [
  say([`Bootwire: ${what} could not be loaded, see the code above [BW-LOAD]`]),
  wait(waitSeconds),
  localLines(),
]

export interface LinuxScript {
  readonly profile: string
  readonly kernel: string
  readonly initrds: readonly string[]
  readonly args: readonly string[]
  /** Lets a person at the console edit the arguments. */
  readonly edit: boolean
  readonly waitSeconds: number
}

export const linuxScript = (linux: LinuxScript): BuiltScript => {
  const { kernel, initrds, args, edit, profile, waitSeconds } = linux
  const failed = label('failed')
  const cmdline = setting('cmdline')
  return script(
    edit ? recipes.editArguments({ into: cmdline, initial: args }) : [],
    recipes.linux({ kernel, initrds, args: edit ? [cmdline] : args }).or(goto(failed)),
    failed,
    failure(`"${profile}"`, waitSeconds),
  )
}

export interface MenuEntry {
  readonly text: string
  readonly key?: string
  readonly url: string
}

const isKey = (key: string): key is Key => /^[a-zA-Z0-9]$/.test(key)

export const menuScript = (
  title: string,
  items: readonly MenuEntry[],
  chosen: string | undefined,
  timeoutSeconds: number,
): BuiltScript => {
  const names = items.map((_, i) => `item-${i}`)
  const entries = Object.fromEntries(
    items.map(({ text, key, url }, i) => [
      names[i]!,
      {
        text: plain(text),
        ...(key !== undefined && isKey(key) && { key }),
        lines: [chain({ autofree: true, replace: true }, url).orIgnore()],
      },
    ]),
  )
  const position = items.findIndex((item) => item.url === chosen)
  return script(
    recipes.menu(
      {
        title: plain(title),
        cancelled: exit(1),
        ...(position >= 0 && { default: names[position]! }),
        ...(timeoutSeconds > 0 && { timeout: seconds(timeoutSeconds) }),
      },
      entries,
    ),
  )
}
