import { hexOf } from '../text.ts'

/** Option 61 (RFC 2132 §9.14) as colon-separated hex, type byte included: `01:52:54:00:12:34:56`. */
export const decodeClientId = (bytes: Uint8Array): string => {
  return hexOf(bytes, ':')
}
