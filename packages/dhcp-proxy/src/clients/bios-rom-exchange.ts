import { CLIENT_PORT, REQUEST } from './dhcp-ports.ts'
import { readPxeVendorOptions, type PxeVendorOptions } from './pxe-vendor.ts'
import { judge, nextDatagram, noteWait, send, type Journal, type Script } from './script.ts'
import type { Datagram } from './types.ts'
import {
  addressAt,
  cString,
  fileField,
  NO_ADDRESS,
  optionOf,
  readReply,
  sameBytes,
  writePacket,
  type RawOption,
  type Reply,
} from './wire.ts'

// What a BIOS boot ROM reads in a reply, and how it asks until it is answered.

const REQUEST_SECONDS = [1, 2, 3, 4]

export interface Rom {
  readonly journal: Journal
  readonly xid: number
  readonly chaddr: Uint8Array
  readonly options: readonly RawOption[]
}

export const isPxe = (reply: Reply): boolean =>
  cString((optionOf(reply, 60) ?? new Uint8Array()).subarray(0, 9)) === 'PXEClient'
export const typeOf = (reply: Reply): number => optionOf(reply, 53)?.[0] ?? 0
export const serverIdOf = (reply: Reply): string => {
  const value = optionOf(reply, 54)
  return value?.length === 4 ? addressAt(value, 0) : NO_ADDRESS
}
export const fileOf = (reply: Reply): string =>
  fileField(reply) || cString(optionOf(reply, 67) ?? new Uint8Array())
export const vendorOf = (reply: Reply): PxeVendorOptions =>
  readPxeVendorOptions(optionOf(reply, 43))
export const serverOf = (reply: Reply): string =>
  reply.siaddr === NO_ADDRESS ? serverIdOf(reply) : reply.siaddr

export const readFor = (rom: Rom, datagram: Datagram): Reply | undefined => {
  const reply = readReply(datagram.payload)
  if (
    datagram.to.port !== CLIENT_PORT ||
    !reply?.hasCookie ||
    reply.op !== 2 ||
    reply.xid !== rom.xid
  )
    return undefined
  return sameBytes(reply.chaddr.subarray(0, 6), rom.chaddr.subarray(0, 6)) ? reply : undefined
}

export function* request(
  rom: Rom,
  to: { address: string; port: number },
  more: readonly RawOption[],
  station: string = NO_ADDRESS,
): Script<void> {
  const payload = writePacket({
    xid: rom.xid,
    secs: Math.floor(rom.journal.nowMs / 1000),
    flags: station === NO_ADDRESS ? 0x8000 : 0,
    ciaddr: station,
    chaddr: rom.chaddr,
    options: [[53, [REQUEST]], ...more, [57, [4, 236]], ...rom.options],
    padTo: 548,
  })
  yield* send({ from: { address: station, port: CLIENT_PORT }, to, payload })
}

// Sends four times, until an answer is accepted.
export function* exchange(
  rom: Rom,
  ask: () => Script<void>,
  accept: (reply: Reply, datagram: Datagram) => string | undefined,
): Script<Reply | undefined> {
  const { journal } = rom
  for (const seconds of REQUEST_SECONDS) {
    const sinceMs = journal.nowMs
    yield* ask()
    const untilMs = sinceMs + seconds * 1000
    for (let got = yield* nextDatagram(untilMs); got; got = yield* nextDatagram(untilMs)) {
      const reply = readFor(rom, got)
      if (!reply) continue
      const why = accept(reply, got)
      yield* judge(got, why === undefined, 'answer', why ?? 'what was asked for')
      if (why !== undefined) continue
      noteWait(journal, 'answer', sinceMs)
      return reply
    }
    noteWait(journal, 'answer', sinceMs)
  }
  return undefined
}
