const NAMES = ['DISCOVER', 'OFFER', 'REQUEST', 'DECLINE', 'ACK', 'NAK', 'RELEASE', 'INFORM']

/** Option 53 (RFC 2132 §9.6); undefined where it is not one byte. */
export const decodeMessageType = (bytes: Uint8Array | undefined): number | undefined => {
  return bytes?.length === 1 ? bytes[0] : undefined
}

/** `DISCOVER`, `OFFER`, …; `type 13` for one that has no name here, `BOOTP` for none. */
export const messageTypeName = (type: number | undefined): string => {
  if (type === undefined) return 'BOOTP'
  return NAMES[type - 1] ?? `type ${type}`
}
