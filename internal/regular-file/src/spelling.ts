import { Buffer } from 'node:buffer'

/**
 * How strings spell names on disk: as text, or with one character for each byte, because a name on a POSIX system is
 * bytes and need not be UTF-8.
 */
export type Spelling = 'utf8' | 'latin1'

/** A path for Node's file functions. */
export const nativePath = (path: string, spelling: Spelling): string | Buffer =>
  spelling === 'utf8' ? path : Buffer.from(path, spelling)
