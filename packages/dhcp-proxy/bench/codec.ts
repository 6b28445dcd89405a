import type { Measurement } from '../../../scripts/measure.ts'
import { decodePacket, encodePacket, type DhcpPacket } from '../src/codec/index.ts'
import { buildReply, readRequest, rules } from '../src/index.ts'
import { clientPacket, hex, ipxePacket, uefiPacket } from '../test/support/packets.ts'
import { arrival } from '../test/support/requests.ts'

const MACHINES = 10_000
const DISCOVER = Buffer.from(encodePacket(ipxePacket()))
const boot = (file: string) => ({ action: 'boot', file }) as const
const decide = rules([
  { when: { firmware: 'ipxe' }, decision: boot('http://10.0.0.1/boot.ipxe') },
  { when: { firmware: 'uefi-http' }, decision: boot('http://10.0.0.1/ipxe.efi') },
  { when: { firmware: 'uefi-pxe', architecture: 11 }, decision: boot('ipxe-arm64.efi') },
  { when: { firmware: ['uefi-pxe', 'huawei-uefi'] }, decision: boot('ipxe.efi') },
  { when: { firmware: 'bios-pxe' }, decision: boot('undionly.kpxe') },
  { when: { firmware: 'u-boot' }, decision: boot('boot.scr') },
  { when: { firmware: 'raspberry-pi' }, decision: { action: 'boot', layout: 'raspberry-pi' } },
])

/** Eight kinds of firmware, as they ask. */
const KINDS: readonly DhcpPacket[] = [
  clientPacket(),
  uefiPacket(),
  ipxePacket(),
  uefiPacket({}, { 93: hex('000b'), 60: 'PXEClient:Arch:00011:UNDI:003001' }),
  uefiPacket({}, { 93: hex('0010'), 60: 'HTTPClient:Arch:00016:UNDI:003001' }),
  uefiPacket({}, { 93: hex('000b'), 60: 'HW-Client:Arch:00011:UNDI:003016' }),
  clientPacket({}, { 93: hex('0016'), 60: 'U-Boot.armv8' }),
  clientPacket({}, { 97: hex('00 52506934 14c11000 00000001 d4659bbd') }),
]

/** Different machines: hardware address, transaction id and UUID are each one's own. */
const machines = (): Buffer[] =>
  Array.from({ length: MACHINES }, (_, i) => {
    const packet = KINDS[i % KINDS.length]!
    const chaddr = new Uint8Array(16)
    chaddr.set([0x52, 0x54, 0, i >> 16, i >> 8, i])
    const id = Uint8Array.from(packet.options.get(97)!)
    id.set([i >> 8, i], 15)
    const options = new Map(packet.options).set(97, id)
    return Buffer.from(encodePacket({ ...packet, xid: i * 7919, chaddr, options }))
  })

const answer = (bytes: Uint8Array): number => {
  const read = readRequest(bytes, ARRIVAL)
  if (!read.ok) throw new Error(read.drop.detail)
  const decision = decide(read.value)
  if (decision.action !== 'boot') throw new Error('ignored')
  return buildReply(read.value, decision)?.bytes.length ?? 0
}
const ARRIVAL = arrival()

/** Operations a second: the best of many short rounds, so that others on the machine count less. */
const opsPerSecond = (operation: (turn: number) => number): number => {
  let sum = 0
  let turn = 0
  const round = (): number => {
    const started = performance.now()
    for (let i = 0; i < 2000; i++) sum += operation(turn++)
    return 2000 / (performance.now() - started)
  }
  for (let i = 0; i < 50; i++) round()
  const best = Math.max(...Array.from({ length: 200 }, round))
  if (sum === 0) throw new Error('nothing was done')
  return best * 1000
}

/** The pure parts, without sockets. */
export const measureCodec = (): Measurement[] => {
  const packets = machines()
  const order = Array.from({ length: 65_536 }, () => Math.floor(Math.random() * MACHINES))
  return [
    {
      what: 'decode an iPXE DISCOVER whole',
      unit: 'operations/s',
      ours: opsPerSecond(() => decodePacket(DISCOVER).options.size),
    },
    {
      what: `decode, decide and encode: ${MACHINES} machines of ${KINDS.length} kinds in random order`,
      unit: 'operations/s',
      ours: opsPerSecond((turn) => answer(packets[order[turn % order.length]!]!)),
      bar: { of: 'ours', is: 'at least', limit: 300_000 },
    },
  ]
}
