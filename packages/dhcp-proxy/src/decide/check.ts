import { MessageType, OptionCode, type DhcpPacket } from '../codec/packet.ts'
import { checkFields, requireDecision } from './answer.ts'
import type { BootDecision } from './decision.ts'
import { checkMenu } from './menu.ts'
import { buildReply } from './reply.ts'
import type { BootRequest } from './request.ts'

/** A plain PXE client on an Ethernet of 1500 bytes. */
const PACKET: DhcpPacket = {
  op: 1,
  htype: 1,
  hlen: 6,
  hops: 0,
  xid: 0,
  secs: 0,
  flags: 0,
  ciaddr: '0.0.0.0',
  yiaddr: '0.0.0.0',
  siaddr: '0.0.0.0',
  giaddr: '0.0.0.0',
  chaddr: new Uint8Array(16),
  sname: '',
  file: '',
  options: new Map([
    [OptionCode.MESSAGE_TYPE, Uint8Array.of(MessageType.DISCOVER)],
    [OptionCode.MAX_MESSAGE_SIZE, Uint8Array.of(1500 >> 8, 1500 & 0xff)],
    [OptionCode.MACHINE_ID, new Uint8Array(17)],
  ]),
}

const REQUEST: BootRequest = {
  port: 67,
  source: { address: '0.0.0.0', port: 68 },
  interface: '',
  localAddress: '255.255.255.254',
  type: 'discover',
  xid: 0,
  hardwareAddress: '',
  architectures: [],
  firmware: 'other',
  userClasses: [],
  packet: PACKET,
}

/**
 * Refuses a decision that could not be sent, before any machine asks: a boot file over 254 bytes, an option over
 * 255, a menu that would hang firmware, a field that no decision has.
 * @throws {DhcpError} with the code that says what is wrong
 */
export function checkDecision(decision: BootDecision): void {
  requireDecision(decision)
  checkFields(decision)
  if (decision.action === 'ignore') return
  if (decision.menu) checkMenu(decision.menu)
  buildReply(REQUEST, decision)
}
