/**
 * Runs a command in a test as a shell would, and keeps what it prints.
 *
 * @module
 */
import { Readable, Writable } from 'node:stream'

import type { ProcessOverrides, Output } from './process-like.ts'
import type { Main } from './program.ts'

/** How a command ended, and what it printed. */
export interface Captured {
  readonly code: number
  readonly out: string
  readonly err: string
  /** Standard output to the byte. */
  readonly bytes: Buffer
}

const collector = (): { readonly stream: Output; readonly bytes: () => Buffer } => {
  const pieces: Buffer[] = []
  const stream = new Writable({
    write: (piece, _encoding, done) => {
      pieces.push(Buffer.from(piece))
      done()
    },
  })
  return { stream, bytes: () => Buffer.concat(pieces) }
}

/** Runs `main` away from the process: no terminal, no colours, `stdin` as its standard input. */
export const capture = async (
  main: Main,
  args: readonly string[],
  { stdin = '', ...overrides }: Omit<ProcessOverrides, 'stdin'> & { readonly stdin?: string } = {},
): Promise<Captured> => {
  const [stdout, stderr] = [collector(), collector()]
  const code = await main(args, {
    stdout: stdout.stream,
    stderr: stderr.stream,
    stdin: Readable.from([stdin]),
    environment: {},
    ...overrides,
  })
  return { code, out: String(stdout.bytes()), err: String(stderr.bytes()), bytes: stdout.bytes() }
}
