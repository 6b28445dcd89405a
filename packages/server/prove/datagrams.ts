import { buildReply, DhcpError, readRequest } from '@bootwire/dhcp-proxy'
import { decodePacket } from '@bootwire/dhcp-proxy/codec'

import type { Measurement } from '../../../scripts/measure.ts'
import type { BootService } from '../src/boot/service.ts'
import { explainPacket } from '../src/explain/packet.ts'
import { ipxeAfter, kindNamed, KINDS, simulateWith } from '../src/features/simulate/firmware.ts'
import type { Random } from './random.ts'
import { executions, failures, withService } from './rig.ts'

const DATAGRAMS = 300_000

/** What the client models send to this service, as the stuff to mutate. */
const realPackets = async (service: BootService): Promise<Uint8Array[]> => {
  const packets: Uint8Array[] = []
  const ask = async (packet: Uint8Array, port: 67 | 4011): Promise<Uint8Array | undefined> => {
    packets.push(packet)
    const source = { address: '0.0.0.0', port: 68 }
    const { reply } = explainPacket(
      service.decisions,
      Buffer.from(packet).toString('hex'),
      port,
      source,
      'lo',
    )
    return reply === undefined ? undefined : Buffer.from(reply, 'hex')
  }
  for (const kind of Object.keys(KINDS)) {
    const machine = { mac: '52:54:00:00:00:01' }
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await simulateWith(() => kindNamed(kind).model(machine), '10.0.0.5', ask)
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await simulateWith(() => ipxeAfter(kind, machine), '10.0.0.5', ask)
  }
  return packets
}

const mutate = (packet: Uint8Array, random: Random): Uint8Array => {
  const bytes = Uint8Array.from(packet)
  for (let n = random.below(8); n > 0; n--) {
    // Options are where the meaning is.
    const at =
      random.below(3) === 0 ? random.below(bytes.length) : 236 + random.below(bytes.length - 236)
    bytes[at] =
      random.below(2) === 0 ? random.below(256) : random.pick([0, 1, 255, 93, 97, 60, 77, 82])
  }
  return random.below(6) === 0 ? bytes.subarray(0, random.below(bytes.length + 1)) : bytes
}

/** Datagrams on their way through the service: what cannot be read is refused by the codec, nothing else throws. */
export const datagrams = (random: Random, say: (line: string) => void): Promise<Measurement[]> =>
  withService(
    () =>
      `
profiles: { a: { kernel: "http://h/k" }, g: { efi: "x.efi" }, i: { ignore: true } }
machines: { m: { mac: "52:54:00:00:00:01", profile: a } }
groups:
  - { name: g, match: { firmware: efi, circuit-id: { regex: "." } }, profile: g }
  - { name: i, match: { mac: { prefix: "00" } }, profile: i }
  - { name: s, match: { subnet: { cidr: 0.0.0.0/0 }, serial: x }, profile: a }`.replace(
        'efi: "x.efi"',
        'httpBoot: "http://h/x.efi"',
      ),
    async (service) => {
      const packets = await realPackets(service)
      let wrong = 0
      let replies = 0
      for (let i = 0; i < DATAGRAMS; i++) {
        const bytes = mutate(random.pick(packets), random)
        const port = random.below(4) === 0 ? 4011 : 67
        try {
          const peer = {
            address: random.pick(['0.0.0.0', '10.0.0.77']),
            port: random.pick([68, 67, 4011]),
          }
          const options = { port, peer, interface: 'lo', localAddress: '10.0.0.5' } as const
          const read = readRequest(decodePacket(bytes), options)
          if (!read.ok) continue
          const decision = service.dhcp(read.value)
          if (decision.action === 'boot' && buildReply(read.value, decision)) replies++
        } catch (error) {
          if (error instanceof DhcpError) continue
          if (++wrong <= 5) say(`${String(error)}: ${Buffer.from(bytes).toString('hex')}`)
        }
      }
      say(`${replies} of ${DATAGRAMS} datagrams had a reply`)
      return [executions('DHCP datagrams', DATAGRAMS, 300_000), failures('DHCP datagrams', wrong)]
    },
  )
