/**
 * The one place that opens files which clients name, for TFTP and HTTP. Never published: the build inlines it.
 *
 * Only regular files are opened, and no open waits: a FIFO without a writer would hold one of libuv's four threads for
 * ever, and four of them end all file access of the process.
 *
 * @module
 */
export { FileRefusedError, type RefusalReason } from './file-refused.ts'
export {
  openRegularFile,
  openRegularFileBeneath,
  type LinkPolicy,
  type OpenFile,
} from './open-regular-file.ts'
export { openFolderBeneath, type OpenFolder } from './open-folder.ts'
export { spelledBeneath } from './spelled-beneath.ts'
