import { Opcode } from '../codec/opcodes.ts'
import { absent, fail, pass, type Bench, type Check, type Verdict } from './check.ts'
import type { Dialogue, Received } from './dialogue.ts'

const isData = (received: Received | undefined, block: number): boolean =>
  received?.packet?.opcode === Opcode.DATA && received.packet.block === block

export const describe = (received: Received | undefined): string => {
  const packet = received?.packet
  if (!received) return 'nothing came'
  if (packet?.opcode === Opcode.ERROR) return `ERROR ${packet.code} "${packet.message}"`
  if (packet?.opcode === Opcode.DATA) return `DATA ${packet.block}`
  if (packet?.opcode === Opcode.OACK) return `OACK ${JSON.stringify(packet.options)}`
  return `${received.bytes.length} bytes`
}

/** Asks without options and takes DATA 1. */
const begin = async ({ file, patienceMs, open }: Bench): Promise<Dialogue> => {
  const dialogue = await open()
  dialogue.read(file)
  const first = await dialogue.next(patienceMs)
  if (!isData(first, 1)) throw new Error(`DATA 1 was expected, ${describe(first)}`)
  return dialogue
}

/** Goes on to `block` and says whether it came. */
const goesOn = async (
  dialogue: Dialogue,
  block: number,
  { patienceMs }: Bench,
): Promise<Verdict> => {
  dialogue.ack(block - 1)
  for (;;) {
    const next = await dialogue.next(patienceMs)
    // The previous block again: the server's timer was faster than the check.
    if (isData(next, block - 1)) continue
    dialogue.abort()
    return isData(next, block) ? pass() : fail(`after ACK ${block - 1}: ${describe(next)}`)
  }
}

const QUIET_MS = 400

/** The blocks that come when DATA 1 is acknowledged `count` times at once. */
const blocksAfter = async (bench: Bench, count: number): Promise<number[]> => {
  const dialogue = await begin(bench)
  for (let i = 0; i < count; i++) dialogue.ack(1)
  const came = await dialogue.during(QUIET_MS)
  dialogue.abort()
  return came.map(({ packet }) => (packet?.opcode === Opcode.DATA ? packet.block : -1))
}

export const TRANSFER_CHECKS: readonly Check[] = [
  {
    id: 'lock-step',
    title: 'reads in lock-step, block after block',
    cite: 'RFC 1350 section 2',
    run: async (bench) => {
      const dialogue = await begin(bench)
      for (let block = 1; block < 20; block++) {
        dialogue.ack(block)
        const next = await dialogue.next(bench.patienceMs)
        if (!isData(next, block + 1)) return fail(`after ACK ${block}: ${describe(next)}`)
      }
      dialogue.abort()
      return pass()
    },
  },
  {
    id: 'short-datagrams',
    title: 'survives 0 to 3 bytes on the transfer port',
    cite: 'RFC 1350 section 5; CVE-2020-6097',
    run: async (bench) => {
      const dialogue = await begin(bench)
      for (let length = 0; length < 4; length++)
        dialogue.send(Buffer.from([0, 4, 0]).subarray(0, length))
      await dialogue.during(QUIET_MS)
      return goesOn(dialogue, 2, bench)
    },
  },
  {
    id: 'foreign-ack',
    title: 'an ACK from another port changes nothing',
    cite: 'RFC 1350 section 4',
    run: async (bench) => {
      const dialogue = await begin(bench)
      const stranger = await bench.open()
      stranger.send({ opcode: Opcode.ACK, block: 1 }, dialogue.transferPort)
      const came = [...(await dialogue.during(QUIET_MS)), ...(await stranger.during(50))]
      const moved = came.find((received) => isData(received, 2))
      if (moved) return fail('DATA 2 followed the ACK of a stranger')
      return goesOn(dialogue, 2, bench)
    },
  },
  {
    id: 'foreign-error',
    title: 'an ERROR from another port does not end the transfer',
    cite: 'RFC 1350 section 4',
    run: async (bench) => {
      const dialogue = await begin(bench)
      const stranger = await bench.open()
      stranger.send({ opcode: Opcode.ERROR, code: 0, message: 'no' }, dialogue.transferPort)
      const answers = await stranger.during(QUIET_MS)
      if (answers.some(({ packet }) => packet?.opcode === Opcode.ERROR))
        return fail('an ERROR was answered by an ERROR')
      return goesOn(dialogue, 2, bench)
    },
  },
  {
    id: 'duplicate-ack',
    title: 'a duplicate ACK in lock-step sends no DATA',
    cite: 'RFC 1123 section 4.2.3.1',
    run: async (bench) => {
      // A server's own timer may resend as well: what one ACK brings is the measure.
      const once = await blocksAfter(bench, 1)
      const thrice = await blocksAfter(bench, 3)
      const found = `one ACK 1 brought blocks ${once.join(', ')}; three of them ${thrice.join(', ')}`
      return thrice.every((block) => block === 2) && thrice.length <= once.length + 1
        ? pass()
        : fail(found)
    },
  },
  {
    id: 'long-ack',
    title: 'an ACK with more than four bytes is an ACK',
    cite: 'Ethernet padding; Windows msftwindow',
    run: async (bench) => {
      const dialogue = await begin(bench)
      dialogue.send(Buffer.from([0, 4, 0, 1, 0, 0]))
      const next = await dialogue.next(bench.patienceMs)
      dialogue.abort()
      return isData(next, 2) ? pass() : fail(describe(next))
    },
  },
  {
    id: 'silent-after-error',
    title: 'an ERROR ends the transfer and is not answered',
    cite: 'RFC 1350 section 7',
    run: async (bench) => {
      const dialogue = await begin(bench)
      dialogue.abort()
      const came = await dialogue.during(1500)
      return came.length === 0
        ? pass()
        : fail(`${came.length} datagrams followed: ${describe(came[0])}`)
    },
  },
  {
    id: 'silent-peer',
    title: 'at most three datagrams to a peer that never answers, all alike',
    cite: 'RFC 1350 section 2; CWE-406',
    run: async ({ open, file }) => {
      const dialogue = await open()
      dialogue.read(file)
      const came = await dialogue.during(8000)
      dialogue.abort()
      const [first] = came
      if (!first) return fail('nothing came')
      if (came.some(({ bytes }) => !bytes.equals(first.bytes))) return fail('a resend differs')
      return came.length <= 3 ? pass(`${came.length} in 8 s`) : fail(`${came.length} in 8 s`)
    },
  },
  {
    id: 'resends',
    title: 'resends a lost block',
    cite: 'RFC 1350 section 2',
    run: async (bench) => {
      const dialogue = await begin(bench)
      dialogue.ack(1)
      const second = await dialogue.next(bench.patienceMs)
      const again = await dialogue.next(6000)
      dialogue.abort()
      if (!second || !again) return fail('nothing came again within 6 s')
      return second.bytes.equals(again.bytes)
        ? pass()
        : fail(`a different datagram came: ${describe(again)}`)
    },
  },
  {
    id: 'storm',
    title: 'no storm at a receiver that acknowledges every block out of order',
    cite: 'RFC 7440 section 4; EDK2',
    run: (bench) => storm(bench),
  },
]

const WINDOW = 8
const LOSSES = 4

/** Loses the first block of some windows and behaves as EDK2 does; counts what that costs. */
const storm = async ({ open, file, patienceMs }: Bench): Promise<Verdict> => {
  const dialogue = await open()
  dialogue.read(file, { windowsize: String(WINDOW) })
  const first = await dialogue.next(patienceMs)
  if (first?.packet?.opcode !== Opcode.OACK || !('windowsize' in first.packet.options)) {
    dialogue.abort()
    return absent('no windowsize')
  }
  const windowSize = Number(first.packet.options['windowsize'])
  let received = 0
  let acked = 0
  let datagrams = 0
  const losses = new Set(Array.from({ length: LOSSES }, (_, i) => (i + 1) * 2 * windowSize + 1))
  dialogue.ack(0)
  for (const until = performance.now() + 20_000; performance.now() < until;) {
    const next = await dialogue.next(patienceMs)
    if (next?.packet?.opcode !== Opcode.DATA) break
    datagrams++
    const { block, data } = next.packet
    if (losses.delete(block)) continue
    if (block !== ((received + 1) & 0xffff)) {
      dialogue.ack(received)
      continue
    }
    received++
    const last = data.length < 512
    if (last || received - acked >= windowSize) {
      acked = received
      dialogue.ack(received)
    }
    if (!last) continue
    datagrams += (await dialogue.during(QUIET_MS)).length
    const limit = 1.05 * received + LOSSES * windowSize
    const found = `${datagrams} datagrams for ${received} blocks and ${LOSSES} losses`
    return datagrams <= limit ? pass(found) : fail(found)
  }
  dialogue.abort()
  return fail(`not finished after ${datagrams} datagrams, at block ${received}`)
}
