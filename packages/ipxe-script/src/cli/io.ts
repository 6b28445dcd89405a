/** What a command writes to and reads from; the tests bring their own. */
export interface Io {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly stdin: () => Promise<string>
  readonly version: string
}

/** A mistake in how the command was called: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A file that was given cannot be used for what was asked: exit code 1. */
export class FileError extends Error {
  override readonly name = 'FileError'
}
