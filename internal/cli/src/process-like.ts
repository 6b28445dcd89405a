import type { Readable, Writable } from 'node:stream'

/** A stream to print to; a terminal says so. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number }

/** What a command has around it: the process, or what a test brings. */
export interface ProcessLike {
  readonly stdout: Output
  readonly stderr: Output
  readonly stdin: Readable
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** What to use in place of the process; its `signal` replaces SIGINT and SIGTERM. */
export type ProcessOverrides = Partial<ProcessLike> & { readonly signal?: AbortSignal }

const isBrokenPipe = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EPIPE'

const guarded = new WeakSet<Output>()
const abandoned = new WeakSet<Output>()

/** Whoever reads our output may leave early (`| head`): that is no failure, and what follows is thrown away. */
const guard = (output: Output): void => {
  if (guarded.has(output)) return
  guarded.add(output)
  output.on('error', (error) => {
    if (isBrokenPipe(error)) abandoned.add(output)
    // Somebody else who listens knows better what a full disk means.
    if (isBrokenPipe(error) || output.listenerCount('error') > 1) return
    if (output !== process.stderr) process.stderr.write(`cannot print: ${error.message}\n`)
    process.exit(1)
  })
}

/** The process, but for what is overridden. */
export const processOf = (overrides: ProcessOverrides): ProcessLike => {
  const { stdout = process.stdout, stderr = process.stderr, stdin = process.stdin } = overrides
  guard(stdout)
  guard(stderr)
  return { stdout, stderr, stdin, environment: overrides.environment ?? process.env }
}

/** True where nobody reads this output any more. */
export const isAbandoned = (output: Output): boolean => abandoned.has(output)

/** True where `error` only says that the reader of our output has gone. */
export const isReaderGone = (error: unknown, { stdout }: ProcessLike): boolean =>
  isBrokenPipe(error) && isAbandoned(stdout)
