import { CodedError } from '@bootwire-internal/common'

export type Iso9660ErrorCode =
  | 'ERR_ISO9660_NONE'
  | 'ERR_ISO9660_TRUNCATED'
  | 'ERR_ISO9660_MALFORMED'
  | 'ERR_ISO9660_UNSUPPORTED'
  | 'ERR_ISO9660_LIMIT'

/** An image that is none, that ends too early, that is broken, or that asks for more than the bounds. */
export class Iso9660Error extends CodedError<Iso9660ErrorCode> {
  override readonly name = 'Iso9660Error'
}
