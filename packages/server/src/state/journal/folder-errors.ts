import { statSync } from 'node:fs'

import { messageOf } from '../../model/errors.ts'
import { StateError } from '../state-error.ts'

const codeOf = (error: unknown): unknown =>
  error instanceof Error ? Reflect.get(error, 'code') : undefined

const ownerOf = (path: string): string => {
  try {
    return ` and belongs to user ${statSync(path).uid}`
  } catch {
    // It may not even be looked at.
    return ''
  }
}

/** What is wrong with a state folder, in one sentence that says what to do. */
export const folderError = (folder: string, error: unknown): StateError => {
  if (error instanceof StateError) return error
  const code = codeOf(error)
  const options = { cause: error }
  if (code === 'EACCES' || code === 'EPERM') {
    const message = `this user (${process.getuid?.()}) may not use ${folder}, which holds the state${ownerOf(folder)}; run as that user, correct the rights, or give another folder with --data-dir`
    return new StateError('BW-STATE-ACCESS', message, options)
  }
  const seen =
    code === 'ENOSPC' || code === 'EDQUOT'
      ? 'its disk is full; make room'
      : code === 'EROFS'
        ? 'its file system is read-only; make it writable'
        : `${messageOf(error)}; look at its disk`
  const message = `cannot write the state in ${folder}: ${seen}; what was not answered has not happened`
  return new StateError('BW-STATE-WRITE', message, options)
}
