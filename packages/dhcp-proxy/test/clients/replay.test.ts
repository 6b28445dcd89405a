import { describe, expect, it } from 'vitest'

import { describeOutcome, type Datagram, type Outcome } from '../../src/clients/index.ts'
import { captures, type Capture, type CapturedDatagram } from './captured.ts'

/** Firmware on an emulated processor counts in ticks of a second and loses some; iPXE is exact but for the emulation. */
const toleranceMs = (waitMs: number): number => 500 + waitMs * 0.2

const xidOf = (payload: Uint8Array): string => Buffer.from(payload.subarray(4, 8)).toString('hex')

/** A packet without what is chosen at random, or left to chance by the real client. */
const comparable = ({ from, to, payload }: Datagram, isHttp: boolean): object => {
  const bytes = Buffer.from(payload)
  bytes.fill(0, 4, 8)
  // EDK2 counts secs in ticks; iPXE's is no time at all, and is compared.
  if (!bytes.includes('iPXE')) bytes.fill(0, 8, 10)
  // The 25th byte of HTTP Boot's option 55 is whatever lay in memory.
  const list = bytes.indexOf(Buffer.from([55, 27, 1, 2, 3]))
  if (isHttp && list > 0) bytes[list + 2 + 24] = 0
  return { from, to, payload: bytes.toString('hex') }
}

interface Replayed {
  readonly sent: readonly { atMs: number; datagram: Datagram }[]
  readonly outcome: Outcome | undefined
}

/** Plays the servers' part of a capture to the model: each reply as long after the model's packet as it was in reality. */
function replay({ model, datagrams }: Capture): Replayed {
  const client = model()
  const sent: { atMs: number; datagram: Datagram }[] = []
  const pending: { atMs: number; datagram: Datagram }[] = []
  const requests = datagrams.filter(({ by }) => by === 'client')
  let nowMs = 0
  let timerMs = Number.POSITIVE_INFINITY
  let outcome: Outcome | undefined

  const repliesTo = (request: CapturedDatagram): readonly CapturedDatagram[] => {
    const at = datagrams.indexOf(request)
    const next = datagrams.findIndex(({ by }, index) => index > at && by === 'client')
    return datagrams.slice(at + 1, next < 0 ? undefined : next)
  }
  const act = (actions: ReturnType<typeof client.handle>): void => {
    for (const action of actions) {
      if (action.type === 'timer') timerMs = action.atMs
      if (action.type === 'outcome') outcome = action.outcome
      if (action.type !== 'send') continue
      const captured = requests[sent.length]
      sent.push({ atMs: nowMs, datagram: action.datagram })
      for (const reply of captured ? repliesTo(captured) : []) {
        const payload = Buffer.from(reply.payload)
        // A reply keeps to the exchange it belongs to, whose number the model chose otherwise.
        const belongs = requests.findIndex(
          (request) => xidOf(request.payload) === xidOf(reply.payload),
        )
        Buffer.from(sent[belongs]!.datagram.payload.subarray(4, 8)).copy(payload, 4)
        pending.push({ atMs: nowMs + reply.atMs - captured!.atMs, datagram: { ...reply, payload } })
      }
    }
  }
  act(client.handle({ type: 'start' }, nowMs))
  for (let steps = 0; steps < 1000; steps += 1) {
    if (outcome) break
    pending.sort((a, b) => a.atMs - b.atMs)
    const next = pending[0]
    nowMs = Math.min(next?.atMs ?? Number.POSITIVE_INFINITY, timerMs)
    if (next && next.atMs <= timerMs) {
      pending.shift()
      act(client.handle({ type: 'packet', datagram: next.datagram }, nowMs))
    } else {
      act(client.handle({ type: 'timer' }, nowMs))
    }
  }
  return { sent, outcome }
}

describe('a model, given what the servers said to the real client', () => {
  it.for(captures)('$name: sends the same packets and ends alike', (capture) => {
    const { sent, outcome } = replay(capture)
    const isHttp = capture.name.includes('http')
    const real = capture.datagrams.filter(({ by }) => by === 'client')
    const compared = capture.isCut ? sent.slice(0, real.length) : sent
    expect(compared.map(({ datagram }) => comparable(datagram, isHttp))).toEqual(
      real.map((datagram) => comparable(datagram, isHttp)),
    )
    expect(describeOutcome(outcome!).replace(/ after \d+ ms$/, '')).toBe(capture.ends)
    for (const [index, { atMs }] of compared.entries()) {
      if (index === 0) continue
      const waited = atMs - sent[index - 1]!.atMs
      const really = real[index]!.atMs - real[index - 1]!.atMs
      expect(
        Math.abs(waited - really),
        `wait ${index}: ${waited} ms, really ${really} ms`,
      ).toBeLessThan(toleranceMs(really))
    }
  })
})
