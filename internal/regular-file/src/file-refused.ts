/** Why a name is not served although something is there. */
export type RefusalReason = 'outside' | 'link' | 'not-regular'

const MESSAGES: Readonly<Record<RefusalReason, string>> = {
  outside: 'the name leads out of the root',
  link: 'the name is, or leads over, a symbolic link',
  'not-regular': 'this is no regular file',
}

/** A name that is not served. Its `code` is the system's for "permission denied", which TFTP and HTTP know to answer. */
export class FileRefusedError extends Error {
  override readonly name = 'FileRefusedError'
  readonly code = 'EACCES'
  readonly reason: RefusalReason

  constructor(reason: RefusalReason) {
    super(MESSAGES[reason])
    this.reason = reason
  }
}
