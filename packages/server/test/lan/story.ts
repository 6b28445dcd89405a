import { NETWORK } from './bed.ts'
import type { Packet } from './capture.ts'
import type { DaemonEvent } from './daemon.ts'

/** One packet of a machine's boot, named. */
export interface Step {
  readonly timeMs: number
  /** `DISCOVER`, `OFFER boot`, `REQUEST main`, `ACK main`, `REQUEST 4011`, `ACK 4011`, `RRQ ipxe.efi`, `TFTP`, `GET /...` or `HTTP`. */
  readonly what: string
  readonly isFromMachine: boolean
}

const BOOTP_MAGIC_AT = 236
const DHCP_OPTIONS_AT = 240
const MESSAGE_TYPE = 53
const MESSAGES = ['?', 'DISCOVER', 'OFFER', 'REQUEST', 'DECLINE', 'ACK', 'NAK', 'RELEASE', 'INFORM']

const DHCP_PORTS = new Set([67, 68, 4011])
const isDhcp = ({ protocol, targetPort, payload }: Packet): boolean =>
  protocol === 'udp' &&
  DHCP_PORTS.has(targetPort) &&
  payload.length > DHCP_OPTIONS_AT &&
  payload.readUInt32BE(BOOTP_MAGIC_AT) === 0x63825363

/** The value of one option of a DHCP packet. */
export const dhcpOption = (payload: Buffer, wanted: number): Buffer | undefined => {
  for (let at = DHCP_OPTIONS_AT; at < payload.length && payload[at] !== 255;) {
    const length = payload[at] === 0 ? -1 : payload[at + 1]!
    if (payload[at] === wanted) return payload.subarray(at + 2, at + 2 + length)
    at += 2 + length
  }
  return undefined
}

const hardwareAddress = (payload: Buffer): string =>
  payload.toString('hex', 28, 34).replace(/..(?!$)/g, '$&:')

const partyOf = (address: string): string => (address === NETWORK.boot ? 'boot' : 'main')

const dhcpStep = ({ payload, targetPort, sourcePort, source, target }: Packet): string => {
  const message = MESSAGES[dhcpOption(payload, MESSAGE_TYPE)?.[0] ?? 0]!
  if (targetPort === 4011 || sourcePort === 4011) return `${message} 4011`
  if (payload[0] === 2) return `${message} ${partyOf(source)}`
  return target === '255.255.255.255' ? message : `${message} ${partyOf(target)}`
}

const stepOf = (packet: Packet): string => {
  if (isDhcp(packet)) return dhcpStep(packet)
  const { protocol, payload, targetPort } = packet
  if (protocol === 'tcp')
    return /^(?:GET|HEAD|POST|PUT) \S+/.exec(payload.toString('latin1', 0, 512))?.[0] ?? 'HTTP'
  if (targetPort !== 69) return 'TFTP'
  return `RRQ ${payload.toString('latin1', 2, payload.indexOf(0, 2))}`
}

/** The packets of one machine's boot: its DHCP by hardware address, the rest by the address it was given. */
export const packetsOf = (packets: readonly Packet[], mac: string, sinceMs = 0): Packet[] => {
  const recent = packets.filter(({ timeMs }) => timeMs >= sinceMs)
  const isOwn = (packet: Packet): boolean =>
    isDhcp(packet) && hardwareAddress(packet.payload) === mac
  const addresses = new Set(
    recent
      .filter((packet) => packet.sourceMac === mac && packet.source !== '0.0.0.0')
      .map(({ source }) => source),
  )
  return recent.filter(
    (packet) =>
      isOwn(packet) ||
      (!isDhcp(packet) && (addresses.has(packet.source) || addresses.has(packet.target))),
  )
}

/** The same packets, each with its name. */
export const stepsOf = (packets: readonly Packet[], mac: string, sinceMs = 0): Step[] =>
  packetsOf(packets, mac, sinceMs).map((packet) => ({
    timeMs: packet.timeMs,
    what: stepOf(packet),
    isFromMachine: packet.sourceMac === mac,
  }))

/** A time in which a machine neither sent nor got anything. */
export interface Pause {
  /** What came before and what after: `OFFER main > REQUEST`. */
  readonly between: string
  readonly ms: number
}

/** No wait for the network: what was loaded is checked, or started; the emulator is busy elsewhere. */
const NOBODY_WAITS = /^(?:TFTP > (?:DISCOVER|RRQ .*)|HTTP > (?:HTTP|GET .*))$/

/** The waits of a boot that are longer than `longerThanMs`: nobody was slow for so long, so a time-out ended them. */
export const waitsOf = (steps: readonly Step[], longerThanMs: number): Pause[] =>
  steps
    .slice(1)
    .map((step, i) => ({
      between: `${steps[i]!.what} > ${step.what}`,
      ms: step.timeMs - steps[i]!.timeMs,
    }))
    .filter(({ between, ms }) => ms > longerThanMs && !NOBODY_WAITS.test(between))

/** Milliseconds that a machine spent on questions to port 4011 before it asked again or gave up. */
export const lostOn4011 = (steps: readonly Step[]): number => {
  let lost = 0
  for (const [index, step] of steps.entries()) {
    if (!step.isFromMachine || !step.what.endsWith('4011')) continue
    const later = steps.slice(index + 1)
    const isAnswer = (each: Step): boolean => !each.isFromMachine && each.what.endsWith('4011')
    const next = later.find((each) => each.isFromMachine || isAnswer(each))
    if (next && !isAnswer(next)) lost += next.timeMs - step.timeMs
  }
  return lost
}

const TOLD_BY_WIRE = /^(?:DISCOVER|OFFER boot|REQUEST 4011|ACK 4011|RRQ .*|GET .*)$/
const withoutQuery = (what: string): string => what.replace(/\?.*/, '')

/** What the boot server was asked and answered, as the wire tells it. */
export const wireStory = (steps: readonly Step[]): string[] =>
  steps.map(({ what }) => withoutQuery(what)).filter((what) => TOLD_BY_WIRE.test(what))

const logLine = (event: DaemonEvent): string | undefined => {
  const at4011 = event['port'] === 4011
  switch (event.event) {
    case 'dhcp.request':
      return at4011 ? 'REQUEST 4011' : String(event['type']).toUpperCase()
    case 'dhcp.reply':
      return at4011 ? 'ACK 4011' : 'OFFER boot'
    case 'tftp.start':
      return `RRQ ${String(event['file'])}`
    case 'http.script':
      return 'GET /script'
    case 'http.answer':
      return `GET /answers/${String(event.mac).replaceAll(':', '-')}/${String(event['answer'])}`
    case 'http.asset':
      return `GET ${String(event['path'])}`
    default:
      return undefined
  }
}

/** The same story as the daemon's own log tells it. */
export const logStory = (events: readonly DaemonEvent[]): string[] =>
  events.map(logLine).filter((line) => line !== undefined)
