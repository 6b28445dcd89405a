import { ACK, CLIENT_PORT, DISCOVER, REQUEST, SERVER_PORT } from '../clients/dhcp-ports.ts'
import type { ClientModel, Datagram, Outcome, Verdict } from '../clients/index.ts'
import { addressAt, cString, OPTIONS_AT, optionOf, readReply, type Reply } from '../clients/wire.ts'

/** A datagram that came back, and how long after the question. */
export interface Heard {
  readonly afterMs: number
  readonly datagram: Datagram
}

/** Asks the real network one question. */
export type Exchange = (
  question: Datagram,
  stage: 'discover' | 'boot-server',
) => Promise<readonly Heard[]>

/** What the client made of what the network said. */
export interface Rehearsal {
  readonly outcome: Outcome
  readonly verdicts: readonly Verdict[]
  readonly offers: readonly Heard[]
  /** Option 60 of its DISCOVER. */
  readonly vendorClass: string
  /** The boot servers that were asked on port 4011, and what came back. */
  readonly asked: readonly { readonly question: Datagram; readonly heard: readonly Heard[] }[]
}

const typeOf = (reply: Reply): number | undefined => optionOf(reply, 53)?.[0]

const isBootItem = (request: Reply): boolean => optionOf(request, 43)?.[0] === 71

/** The ACK that the offering server would send: its offer, with another message type. No lease is taken to learn it. */
const supposedAck = (request: Reply, offers: readonly Heard[]): Datagram | undefined => {
  const named = optionOf(request, 54)
  const offer = offers.find(({ datagram }) => {
    const reply = readReply(datagram.payload)
    const server = reply && optionOf(reply, 54)
    return (
      reply &&
      reply.yiaddr !== '0.0.0.0' &&
      named &&
      server &&
      addressAt(server, 0) === addressAt(named, 0)
    )
  })
  if (!offer) return undefined
  const payload = Uint8Array.from(offer.datagram.payload)
  for (
    let at = OPTIONS_AT;
    at < payload.length && payload[at] !== 255;
    at += payload[at] === 0 ? 1 : 2 + payload[at + 1]!
  ) {
    if (payload[at] === 53) payload[at + 2] = ACK
  }
  return { ...offer.datagram, payload }
}

/**
 * Lets a client model act on a real network, on a clock that skips what nobody needs to wait for. It sends one
 * DISCOVER and, where the client would, one request to each boot server. A repeated question is answered with what
 * was heard the first time; the request for a lease never leaves this function.
 */
export const rehearse = async (client: ClientModel, exchange: Exchange): Promise<Rehearsal> => {
  const verdicts: Verdict[] = []
  const pending: { atMs: number; datagram: Datagram }[] = []
  const asked = new Map<string, { question: Datagram; heard: readonly Heard[] }>()
  let offers: readonly Heard[] | undefined
  let vendorClass = ''
  let nowMs = 0
  let timerMs = Number.POSITIVE_INFINITY

  const deliver = (heard: readonly Heard[]): void => {
    for (const { afterMs, datagram } of heard) pending.push({ atMs: nowMs + afterMs, datagram })
  }
  const answer = async (question: Datagram): Promise<void> => {
    const request = readReply(question.payload)
    if (!request) return
    if (question.to.port === SERVER_PORT && typeOf(request) === DISCOVER) {
      vendorClass = cString(optionOf(request, 60) ?? new Uint8Array())
      offers ??= await exchange(question, 'discover')
      deliver(offers)
    } else if (
      question.to.port === SERVER_PORT &&
      typeOf(request) === REQUEST &&
      !isBootItem(request)
    ) {
      const ack = supposedAck(request, offers ?? [])
      if (ack) deliver([{ afterMs: 1, datagram: { ...ack, to: { ...ack.to, port: CLIENT_PORT } } }])
    } else {
      const key = `${question.to.address}:${question.to.port}`
      const before = asked.get(key)
      const heard = before?.heard ?? (await exchange(question, 'boot-server'))
      if (!before) asked.set(key, { question, heard })
      deliver(heard)
    }
  }

  let actions = client.handle({ type: 'start' }, nowMs)
  for (;;) {
    for (const action of actions) {
      if (action.type === 'timer') timerMs = action.atMs
      else if (action.type === 'verdict') verdicts.push(action.verdict)
      else if (action.type === 'outcome') {
        return {
          outcome: action.outcome,
          verdicts,
          offers: offers ?? [],
          vendorClass,
          asked: [...asked.values()],
        }
      }
    }
    // A client asks one thing at a time: what it does next depends on the answer.
    // oxlint-disable-next-line no-await-in-loop
    for (const action of actions) if (action.type === 'send') await answer(action.datagram)
    pending.sort((a, b) => a.atMs - b.atMs)
    const next = pending[0]
    if (next && next.atMs <= timerMs) {
      pending.shift()
      nowMs = next.atMs
      actions = client.handle({ type: 'packet', datagram: next.datagram }, nowMs)
    } else {
      nowMs = timerMs
      actions = client.handle({ type: 'timer' }, nowMs)
    }
  }
}
