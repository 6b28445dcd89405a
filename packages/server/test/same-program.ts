import { capture } from '@bootwire-internal/cli/testing'

import { main as bootwire } from '../src/main.ts'

type Main = Parameters<typeof capture>[0]
type Said = Awaited<ReturnType<typeof capture>>

const sayAll = async (main: Main, command: string, before: readonly string[]): Promise<Said[]> => {
  const said: Said[] = []
  for (const args of [['--help'], ['--version'], [command, '-h'], [command, '--nope'], ['zz'], []])
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    said.push(await capture(main, [...before, ...args]))
  return said
}

/** What `bootwire WORD` says to good and bad words, and what a program of its own does. `command` is one that it has. */
export const saidByBoth = async (
  word: string,
  main: Main,
  command: string,
): Promise<readonly [within: readonly Said[], alone: readonly Said[]]> => [
  await sayAll(bootwire, command, [word]),
  await sayAll(main, command, []),
]
