import { chain, echo, recipes, seconds, sleep, type ScriptLine } from '@bootwire/ipxe-script'

/** Text that a console shows as it is; firmware consoles have no more than ASCII. */
export const plain = (text: string): string =>
  text
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .replaceAll('${', '$ {')
    .trim()
    .slice(0, 300)

/** Shows lines on the console. */
export const sayLines = (lines: readonly string[]): ScriptLine[] =>
  lines.map((line) => echo(plain(line)))

/** Leaves what is on the console there for a while. */
export const waitLines = (waitSeconds: number): ScriptLine[] =>
  waitSeconds > 0 ? [sleep(seconds(waitSeconds)).orIgnore()] : []

/** Boots the local disk. */
export const localLines = (): ScriptLine[] => [recipes.localBoot()]

/** Goes on with the script or binary at `url`. */
export const chainLines = (url: string): ScriptLine[] => [
  chain({ autofree: true, replace: true }, url).orEnd(),
]

/** What happens when a file cannot be loaded: the console says which, and the local disk boots. */
export const loadFailureLines = (what: string, waitSeconds: number): ScriptLine[] => [
  ...sayLines([`Bootwire: ${what} could not be loaded, see the code above [BW-LOAD]`]),
  ...waitLines(waitSeconds),
  ...localLines(),
]
