/** A file that was given cannot be used for what was asked: exit code 1. */
export class FileError extends Error {
  override readonly name = 'FileError'
}
