import { describe, expect, it } from 'vitest'

import { negotiate, type NegotiationPolicy } from '../src/session/negotiate.ts'
import { acceptAnswer } from '../src/session/requested-options.ts'
import { Rto } from '../src/session/rto.ts'
import { NOTHING, Sender } from '../src/session/sender.ts'
import { distanceOf, wireOf } from '../src/session/sequence.ts'

const senderWith = (windowSize: number, firstBlock: 0 | 1 = 1): Sender =>
  new Sender({
    firstBlock,
    windowSize,
    rollover: 0,
    rto: {},
    retries: 100,
    patienceMs: 60_000,
    unansweredSends: 3,
    finalRetries: 2,
  })

/** Sends what may be sent and says which blocks went. */
const drain = (sender: Sender, now: number): number[] => {
  const sent: number[] = []
  for (let block = sender.peek(); block !== NOTHING; block = sender.peek()) {
    sent.push(block)
    sender.sent(block, now)
  }
  return sent
}

describe('a sender', () => {
  it('sends one block after the other in lock-step, and no DATA for a duplicate ACK (RFC 1123 §4.2.3.1)', () => {
    const sender = senderWith(1)
    sender.lastBlock = 3
    expect(drain(sender, 0)).toEqual([1])
    sender.onAck(1, 1)
    expect(drain(sender, 1)).toEqual([2])
    for (let i = 0; i < 5; i++) sender.onAck(1, 2)
    expect(drain(sender, 2)).toEqual([])
    sender.onAck(2, 3)
    expect(drain(sender, 3)).toEqual([3])
    sender.onAck(3, 4)
    expect(sender.finished).toBe(true)
  })

  it('waits for ACK 0 with the OACK alone on the wire', () => {
    const sender = senderWith(8, 0)
    expect(drain(sender, 0)).toEqual([0])
    sender.onAck(7, 1)
    expect(drain(sender, 1)).toEqual([])
    sender.onAck(0, 2)
    expect(drain(sender, 2)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('sends three datagrams in all to a peer that never answers', () => {
    const sender = senderWith(8, 0)
    let sends = drain(sender, 0).length
    for (let turn = 0; turn < 10 && sender.deadline < Infinity; turn++) {
      const now = sender.deadline
      sender.onTime(now)
      sends += drain(sender, now).length
    }
    expect(sends).toBe(3)
    expect(sender.exhausted).toBe(true)
  })

  it('goes on behind an ACK inside the window, once in two round trips', () => {
    const sender = senderWith(4, 0)
    drain(sender, 0)
    sender.onAck(0, 10)
    expect(drain(sender, 10)).toEqual([1, 2, 3, 4])
    sender.onAck(1, 20)
    expect(drain(sender, 20)).toEqual([2, 3, 4, 5])
    sender.onAck(1, 21)
    sender.onAck(1, 22)
    expect(drain(sender, 22)).toEqual([])
    sender.onAck(5, 30)
    expect(drain(sender, 30)).toEqual([6, 7, 8, 9])
  })

  it('does not take the second ACK of a block that it sent twice for a gap', () => {
    const sender = senderWith(2)
    drain(sender, 0)
    sender.onAck(2, 10)
    expect(drain(sender, 10)).toEqual([3, 4])
    sender.onAck(2, 11) // the network duplicated it
    expect(drain(sender, 11)).toEqual([3, 4])
    sender.onAck(4, 20)
    expect(drain(sender, 20)).toEqual([5, 6])
    sender.onAck(4, 21) // the receiver saw block 4 twice
    expect(drain(sender, 21)).toEqual([])
  })

  it('starts the window again behind the last ACK when time is up, ever more slowly', () => {
    const sender = senderWith(2)
    drain(sender, 0)
    sender.onAck(2, 1)
    drain(sender, 1)
    const waits: number[] = []
    for (let now = 1; sender.deadline < Infinity;) {
      waits.push(sender.deadline - now)
      now = sender.deadline
      sender.onTime(now)
      const sent = drain(sender, now)
      expect(sent.length === 0 || sent[0] === 3).toBe(true)
    }
    // 60 s after the client's last word.
    expect(waits).toEqual([20, 1000, 2000, 4000, 8000, 8000, 8000, 8000, 8000, 8000, 4980])
  })

  it('sends one copy to a client that pauses for 0.3 s, and none when it pauses again', () => {
    const sender = senderWith(1)
    let now = 0
    drain(sender, now)
    /** How many copies go out until the client acknowledges `block` after `ms`, and then its copies. */
    const copiesWithin = (block: number, ms: number): number => {
      let copies = 0
      for (const until = now + ms; sender.deadline <= until;) {
        now = sender.deadline
        sender.onTime(now)
        copies += drain(sender, now).length
      }
      now += 1
      for (let i = 0; i <= copies; i++) sender.onAck(block, now)
      drain(sender, now)
      return copies
    }
    for (let block = 1; block < 30; block++) expect(copiesWithin(block, 0.1)).toBe(0)
    expect(copiesWithin(30, 300)).toBe(1)
    expect(copiesWithin(31, 300)).toBe(0)
    expect(copiesWithin(32, 900)).toBe(0)
    // Lost datagrams bring no second ACK: there the first resend stays quick.
  })

  it.each([5, 25, 45, 59])('goes on after a client has been silent for %i s', (seconds) => {
    const sender = senderWith(1, 0)
    drain(sender, 0)
    sender.onAck(0, 1)
    drain(sender, 1)
    for (let now = sender.deadline; now < seconds * 1000; now = sender.deadline) {
      sender.onTime(now)
      drain(sender, now)
    }
    expect(sender.exhausted).toBe(false)
    sender.onAck(1, seconds * 1000)
    expect(drain(sender, seconds * 1000)).toEqual([2])
  })

  it('sends again at once what was too long for the path, once in two round trips', () => {
    const sender = senderWith(4, 0)
    drain(sender, 0)
    sender.onAck(0, 10)
    expect(drain(sender, 10)).toEqual([1, 2, 3, 4])
    sender.onLoss(11)
    expect(drain(sender, 11)).toEqual([1, 2, 3, 4])
    for (let i = 0; i < 3; i++) sender.onLoss(12)
    expect(drain(sender, 12)).toEqual([])
  })

  it.each([4, 16])(
    'costs at most a window per loss against EDK2 in windows of %i',
    (windowSize) => {
      const blocks = 715
      const sender = senderWith(windowSize)
      sender.lastBlock = blocks
      const losses = new Set([100, 300, 301, 555])
      let [now, received, acked, datagrams] = [0, 0, 0, 0]
      while (!sender.finished && now < 60_000) {
        const acks: number[] = []
        for (const block of drain(sender, now)) {
          datagrams++
          if (losses.delete(block)) continue
          if (block === received + 1) {
            received++
            if (received - acked < windowSize && received < blocks) continue
          }
          // EDK2 acknowledges each block out of order (Mtftp4RrqHandleData).
          acked = received
          acks.push(received)
        }
        now += 1
        for (const ack of acks) sender.onAck(ack, now)
        if (acks.length === 0 && now >= sender.deadline) sender.onTime(now)
      }
      expect(sender.finished).toBe(true)
      expect(datagrams).toBeLessThanOrEqual(1.05 * blocks + 4 * windowSize)
    },
  )
})

describe('block numbers', () => {
  it.each([0, 1] as const)('tell the distance across the rollover to %i', (rollover) => {
    for (const from of [0, 1, 65_530, 65_535, 65_536, 131_069, 131_071]) {
      for (const ahead of [0, 1, 2, 17]) {
        expect(distanceOf(wireOf(from + ahead, rollover), from, rollover)).toBe(ahead)
      }
    }
  })
})

describe('the time-out', () => {
  it('follows the round trip, has a floor, and waits a second before a second resend', () => {
    const rto = new Rto()
    expect(rto.ms).toBe(1000)
    rto.sample(100)
    expect(rto.ms).toBe(300)
    rto.expired()
    expect(rto.ms).toBe(1000)
    rto.progress()
    for (let i = 0; i < 100; i++) rto.sample(0.1)
    expect(rto.ms).toBe(20)
  })

  it('is the negotiated one where there is one', () => {
    const rto = new Rto({ fixedMs: 3000 })
    rto.sample(1)
    rto.expired()
    expect(rto.ms).toBe(3000)
  })
})

describe('negotiation', () => {
  const policy: NegotiationPolicy = { maxBlockSize: 1468, maxWindowSize: 64, refuse: [] }
  const granted = (options: Record<string, string>, size: number | undefined = 1000, change = {}) =>
    negotiate(options, { ...policy, ...change }, { read: true, size }).options

  const requests: readonly (readonly [
    asked: Record<string, string>,
    answer: Record<string, string>,
  ])[] = [
    [
      { blksize: '1432', tsize: '0' },
      { blksize: '1432', tsize: '1000' },
    ],
    [{ blksize: '9000' }, { blksize: '1468' }],
    [{ tsize: '77' }, { tsize: '1000' }],
    [{ timeout: '5' }, { timeout: '5' }],
    [
      { windowsize: '1000', blksize: '1468' },
      { windowsize: '64', blksize: '1468' },
    ],
    [{ unknown: '1', constructor: '2' }, {}],
    ...['7', '65465', '0x200', '1e3', '-1', ' 512', '512 ', '', 'abc', '5.0', '9'.repeat(40)].map(
      (blksize) => [{ blksize }, {}] as const,
    ),
    ...['0', '256', '-5', '5s'].map((timeout) => [{ timeout }, {}] as const),
    ...['0', '65536', 'x'].map((windowsize) => [{ windowsize }, {}] as const),
    [{ utimeout: '100000', multicast: '' }, {}],
  ]

  it.each(requests)('of %j grants %j', (asked, answer) => {
    expect(granted(asked)).toEqual(answer)
  })

  it('leaves tsize out where the size is unknown, and 0, over which curl stumbles', () => {
    expect(negotiate({ tsize: '0' }, policy, { read: true, size: undefined }).options).toEqual({})
    expect(granted({ tsize: '0' }, 0)).toEqual({})
  })

  it('keeps a window within what a receive buffer holds', () => {
    expect(granted({ blksize: '65464', windowsize: '64' }, 1000, { maxBlockSize: 65_464 })).toEqual(
      {
        blksize: '65464',
        windowsize: '2',
      },
    )
  })

  it('leaves refused options out', () => {
    expect(granted({ blksize: '1432', tsize: '0' }, 1000, { refuse: ['tsize'] })).toEqual({
      blksize: '1432',
    })
  })

  it('repeats the size that a writer announces', () => {
    expect(negotiate({ tsize: '4294967297' }, policy, { read: false })).toMatchObject({
      announcedBytes: 4_294_967_297,
      options: { tsize: '4294967297' },
    })
  })

  const requested = { blockSize: 1468, windowSize: 16, timeoutSeconds: 3, tsize: 0 }

  it.each([
    [{ blksize: '1024', windowsize: '8', timeout: '3', tsize: '5000000000' }, undefined],
    [{ blksize: '2000' }, 'blksize 2000 is out of range'],
    [{ windowsize: '17' }, 'windowsize 17 is out of range'],
    [{ timeout: '4' }, 'timeout 4 is not what was requested'],
    [{ multicast: '1' }, 'option multicast was not requested'],
    [{ constructor: '1' }, 'option constructor was not requested'],
    [{ tsize: 'big' }, 'option tsize is no number'],
  ])('of a client takes %j or says why not', (answer, reason) => {
    const accepted = acceptAnswer(requested, answer)
    expect('reason' in accepted ? accepted.reason : undefined).toBe(reason)
  })
})
