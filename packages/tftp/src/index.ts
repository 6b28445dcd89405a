/**
 * A fast and careful TFTP server and client.
 *
 * @example
 * import { createTftpServer } from '@bootwire/tftp'
 *
 * const server = createTftpServer({ root: '/srv/tftp' })
 * const { port } = await server.listen({ port: 69 })
 * await server.close()
 */
export { get } from './client/get.ts'
export type { ClientOptions, ClientRecord, Download, Target } from './client/options.ts'
export { put } from './client/put.ts'
export type { PutSource } from './client/put.ts'
export { CHANNELS, DROP_REASONS } from './channels.ts'
export type {
  DatagramDrop,
  DropReason,
  Endpoint,
  ErrorRecord,
  TransferInfo,
  TransferProgress,
  TransferRecord,
  TransferStart,
} from './channels.ts'
export { ErrorCode } from './codec/opcodes.ts'
export { ODDITIES } from './codec/request.ts'
export type { Oddity } from './codec/request.ts'
export { TFTP_ERROR_CODES, TftpError } from './errors.ts'
export type { TftpErrorCode } from './errors.ts'
export { createTftpServer } from './server/create-server.ts'
export { directory } from './server/directory.ts'
export type { DirectoryOptions, WritePolicy } from './server/directory.ts'
export { refuse } from './content/answers.ts'
export type {
  PieceStream,
  ReadAnswer,
  Refusal,
  StreamPiece,
  UploadSink,
  WriteAnswer,
} from './content/answers.ts'
export type {
  ReadHandler,
  TftpHandlers,
  TftpRequest,
  TftpWriteRequest,
  WriteHandler,
} from './server/handlers.ts'
export type { RemapRule } from './server/names.ts'
export type {
  Listening,
  Tier,
  ListenOptions,
  TftpServer,
  TftpServerLimits,
  TftpServerOptions,
  TftpServerSettings,
} from './server/options.ts'
export { ISSUE_CODES, validate } from './server/settings.ts'
export type { Issue, IssueCode } from './server/settings.ts'
export { OUTCOMES } from './session/outcome.ts'
export { parseTftpUrl } from './uri.ts'
export type { TftpUrl } from './uri.ts'
export type { Outcome } from './session/outcome.ts'
export type { OptionName } from './session/negotiate.ts'
