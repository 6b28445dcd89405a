import type { Verdict } from '../clients/index.ts'
import { addressAt, cString, fileField, NO_ADDRESS, optionOf, readReply } from '../clients/wire.ts'
import { isBootServerClass } from '../decide/firmware.ts'
import type { Heard } from './rehearse.ts'

/** One offer as a person wants to see it. */
export interface SeenOffer {
  readonly from: string
  readonly afterMs: number
  /** `address` from a DHCP server, `proxy` from one that only adds the boot part, `other` for the rest. */
  readonly kind: 'address' | 'proxy' | 'boot-server' | 'other'
  /** Option 54. */
  readonly serverId?: string
  readonly address?: string
  /** siaddr. */
  readonly nextServer?: string
  /** The header field `file`, else option 67. */
  readonly file?: string
  /** Option 60. */
  readonly vendorClass?: string
  /** The numbers of all options. */
  readonly options: readonly number[]
  /** What the client did with it. Absent: it did not even look. */
  readonly verdict?: { readonly accepted: boolean; readonly role: string; readonly why: string }
}

const optionNumbers = (bytes: Uint8Array): number[] => {
  const numbers: number[] = []
  for (
    let at = 240;
    at < bytes.length && bytes[at] !== 255;
    at += bytes[at] === 0 ? 1 : 2 + (bytes[at + 1] ?? 0)
  ) {
    if (bytes[at] !== 0) numbers.push(bytes[at]!)
  }
  return numbers
}

/** Escapes what would not be one line of text: replies come from strangers. */
const oneLine = (text: string): string =>
  text.replaceAll(
    /[^\x20-\x7E]/g,
    (letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )

/** Reads an offer; undefined where it is no DHCP packet at all. */
export const seeOffer = (
  { afterMs, datagram }: Heard,
  verdicts: readonly Verdict[],
  stage: 'discover' | 'boot-server',
): SeenOffer | undefined => {
  const reply = readReply(datagram.payload)
  if (!reply) return undefined
  const named = optionOf(reply, 54)
  const vendorClass = oneLine(cString(optionOf(reply, 60) ?? new Uint8Array()))
  const file = oneLine(fileField(reply) || cString(optionOf(reply, 67) ?? new Uint8Array()))
  const found = verdicts.find((verdict) => verdict.datagram === datagram)
  const isProxy = reply.yiaddr === NO_ADDRESS && isBootServerClass(vendorClass)
  return {
    from: datagram.from.address,
    afterMs,
    kind:
      stage === 'boot-server'
        ? stage
        : reply.yiaddr === NO_ADDRESS
          ? isProxy
            ? 'proxy'
            : 'other'
          : 'address',
    ...(named?.length === 4 && { serverId: addressAt(named, 0) }),
    ...(reply.yiaddr !== NO_ADDRESS && { address: reply.yiaddr }),
    ...(reply.siaddr !== NO_ADDRESS && { nextServer: reply.siaddr }),
    ...(file && { file }),
    ...(vendorClass && { vendorClass }),
    options: optionNumbers(reply.bytes),
    ...(found && { verdict: { accepted: found.accepted, role: found.role, why: found.why } }),
  }
}
