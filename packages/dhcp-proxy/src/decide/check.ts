import { encodePacket } from '../codec/encode.ts'
import { encodeMachineId } from '../codec/options/machine-id.ts'
import { MessageType, OptionCode } from '../codec/packet.ts'
import { DhcpError } from '../errors.ts'
import type { BootAnswer, BootDecision } from './decision.ts'
import { readRequest } from './intake.ts'
import { checkMenu } from './menu.ts'
import { buildReply } from './reply.ts'

// What TypeScript would have refused, for decisions that come from plain JavaScript or from JSON.

const refuse = (message: string): never => {
  throw new DhcpError('ERR_DHCP_DECISION', message)
}

const FIELDS: Readonly<Record<keyof BootAnswer, true>> = {
  action: true,
  file: true,
  nextServer: true,
  layout: true,
  menu: true,
  vendorOptions: true,
  vendorClass: true,
  options: true,
  ipxe: true,
  delayMs: true,
  chainAgain: true,
  context: true,
  reasons: true,
}

const shown = (value: unknown): string =>
  typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value))

/**
 * Refuses what is no decision at all, such as what a function without `return` gives.
 * @throws {DhcpError} `ERR_DHCP_DECISION`
 */
export function requireDecision(decision: unknown): asserts decision is BootDecision {
  const action =
    typeof decision === 'object' && decision !== null && 'action' in decision
      ? decision.action
      : undefined
  if (action === 'boot' || action === 'ignore') return
  refuse(
    `${shown(decision)} is not a decision: { action: 'boot', file: … } and { action: 'ignore' } are`,
  )
}

/** A misspelt field would be as if it were not there. */
const checkFields = (decision: BootDecision): void => {
  const unknown = Object.keys(decision).find((key) => !Object.hasOwn(FIELDS, key))
  if (unknown !== undefined)
    refuse(`field ${shown(unknown)} of a decision is not one of ${Object.keys(FIELDS).join(', ')}`)
}

/** A plain PXE client on an Ethernet of 1500 bytes. */
const DISCOVER = encodePacket({
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
    [OptionCode.VENDOR_CLASS, Uint8Array.from('PXEClient', (letter) => letter.charCodeAt(0))],
    [OptionCode.MACHINE_ID, encodeMachineId('00000000-0000-0000-0000-000000000000')],
  ]),
})

const REQUEST = readRequest(DISCOVER, {
  port: 67,
  peer: { address: '0.0.0.0', port: 68 },
  interface: '',
  localAddress: '255.255.255.254',
})

/**
 * Refuses a decision that could not be sent, before any machine asks: a boot file over 254 bytes, an option over
 * 255, a menu that would hang firmware, a field that no decision has.
 * @throws {DhcpError} with the code that says what is wrong
 */
export const checkDecision = (decision: BootDecision): void => {
  requireDecision(decision)
  checkFields(decision)
  if (decision.action === 'ignore') return
  if (decision.menu) checkMenu(decision.menu)
  if (REQUEST.ok) buildReply(REQUEST.value, decision)
}
