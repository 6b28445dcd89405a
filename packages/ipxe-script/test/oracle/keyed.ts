import { type Press, run } from '../../src/run/index.ts'
import { unwrap } from './normalise.ts'
import { boot, type BootResult } from './qemu.ts'

/** A script that waits for keys; it marks what matters by lines that begin with `@@`. */
export interface Keyed {
  readonly name: string
  readonly lines: readonly string[]
  /** Typed once `@@go` is on the screen. */
  readonly keys: string
  readonly presses: readonly Press[]
}

const UP = '\x1b[A'
const DOWN = '\x1b[B'
const ENTER = { key: 'enter' }

const menuLines = [
  'menu Title',
  'item a A',
  'item --gap',
  'item b B',
  'item --key x c C',
  'item --gap --key g gap',
  'item d D',
  'echo @@go',
  'choose sel && echo @@chose ${sel} || echo @@failed ${errno}',
]

const withKeys = (
  name: string,
  lines: readonly string[],
  keys: string,
  ...presses: Press[]
): Keyed => ({
  name,
  lines,
  keys,
  presses,
})

export const KEYED: readonly Keyed[] = [
  withKeys('enter chooses the first', menuLines, '\r', ENTER),
  withKeys('down skips a separator', menuLines, `${DOWN}\r`, { key: 'down' }, ENTER),
  withKeys(
    'down stops at the end',
    menuLines,
    `${DOWN.repeat(4)}\r`,
    { key: 'down' },
    { key: 'down' },
    { key: 'down' },
    { key: 'down' },
    ENTER,
  ),
  withKeys(
    'up stops at the start',
    menuLines,
    `${DOWN}${UP}${UP}\r`,
    { key: 'down' },
    { key: 'up' },
    { key: 'up' },
    ENTER,
  ),
  withKeys('a shortcut chooses at once', menuLines, 'x', { key: 'x' }),
  withKeys('a shortcut of a separator goes to what follows', menuLines, 'g\r', { key: 'g' }, ENTER),
  withKeys('escape fails', menuLines, '\x1b', { key: 'esc' }),
  withKeys('Ctrl-C fails', menuLines, '\x03', { key: 'ctrl-c' }),
  withKeys('another letter does nothing', menuLines, 'q\r', { key: 'q' }, ENTER),
  withKeys(
    'prompt takes any key',
    ['echo @@go', 'prompt text && echo @@ok || echo @@failed ${errno}'],
    'z',
    { key: 'z' },
  ),
  withKeys(
    'prompt takes its key',
    ['echo @@go', 'prompt --key b text && echo @@ok || echo @@failed ${errno}'],
    'b',
    { key: 'b' },
  ),
  withKeys(
    'prompt refuses another key',
    ['echo @@go', 'prompt --key b text && echo @@ok || echo @@failed ${errno}'],
    'c',
    { key: 'c' },
  ),
  withKeys(
    'Ctrl-C ends a sleep',
    ['echo @@go', 'sleep 20 && echo @@slept || echo @@failed ${errno}'],
    '\x03',
    { key: 'ctrl-c', atMs: 500 },
  ),
  withKeys(
    'read edits a value',
    ['set v old', 'echo @@go', 'read v && echo && echo @@[${v}] || echo @@failed ${errno}'],
    '\bXY\r',
    { key: 'backspace' },
    { key: 'XY' },
    ENTER,
  ),
  withKeys(
    'read is cancelled',
    ['set v old', 'echo @@go', 'read v && echo @@ok || echo && echo @@failed ${errno} ${v}'],
    '\x03',
    { key: 'ctrl-c' },
  ),
  withKeys(
    'login asks for both',
    ['echo @@go', 'login && echo @@[${username}] [${password}] || echo @@failed ${errno}'],
    'me\rsecret\r',
    { key: 'me' },
    ENTER,
    { key: 'secret' },
    ENTER,
  ),
  withKeys(
    'login is cancelled',
    ['echo @@go', 'login && echo @@ok || echo @@failed ${errno}'],
    '\x1b',
    { key: 'esc' },
  ),
  withKeys('config is left', ['echo @@go', 'config && echo @@left'], '\x18', { key: 'ctrl-x' }),
  withKeys('shell opens', ['echo @@go', 'shell', 'echo @@never'], '', { key: 'x' }),
  withKeys('reboot ends it', ['echo @@go', 'sleep 1', 'reboot', 'echo @@never'], '', { key: 'x' }),
]

const marksIn = (console: string): string[] =>
  console.split('\n').filter((line) => line.startsWith('@@'))

const endOf = ({ console, timedOut }: BootResult): string => {
  if (console.includes('iPXE> ')) return 'opens the shell'
  return timedOut ? 'goes on' : 'reboots'
}

export interface KeyedComparison {
  readonly keyed: Keyed
  readonly ours: readonly string[]
  readonly theirs: readonly string[]
}

/** Runs a keyed script in both worlds; what it marked, and whether it came to its end. */
export const compareKeyed = async (keyed: Keyed): Promise<KeyedComparison> => {
  const script = ['#!ipxe', ...keyed.lines, 'sleep 1', 'reboot', ''].join('\n')
  const ours = await run(script, { embedded: true, keys: keyed.presses })
  const theirs = await boot({
    script,
    timeoutMs: 15_000,
    until: /iPXE> /,
    ...(keyed.keys !== '' && { typed: [{ after: /@@go\n/, keys: keyed.keys }] }),
  })
  return {
    keyed,
    ours: [...marksIn(ours.console), ours.outcome.kind],
    theirs: [...marksIn(unwrap(theirs.console)), endOf(theirs)],
  }
}
