import { ErrorCode, Opcode } from '../codec/opcodes.ts'
import { absent, fail, pass, type Bench, type Check, type Verdict } from './check.ts'
import { describe } from './transfer-checks.ts'

type Granted = Readonly<Record<string, string>>

/** Asks with options; the OACK, or `{}` for a plain DATA 1, goes to `judge`. */
const asking =
  (options: Granted, judge: (granted: Granted) => Verdict): Check['run'] =>
  async ({ open, file, patienceMs }: Bench) => {
    const dialogue = await open()
    dialogue.read(file, options)
    const answer = await dialogue.next(patienceMs)
    dialogue.abort()
    if (answer?.packet?.opcode === Opcode.OACK) return judge(answer.packet.options)
    if (answer?.packet?.opcode === Opcode.DATA) return judge({})
    return fail(describe(answer))
  }

const VALUES = ['0', '7', '-1', 'abc', '0x200', '65465', '1e3', ''] as const

export const OPTION_CHECKS: readonly Check[] = [
  {
    id: 'option-case',
    title: 'option names in capitals are the same options',
    cite: 'RFC 2347',
    run: asking({ BLKSIZE: '1024' }, (granted) =>
      Object.keys(granted).some((name) => name.toLowerCase() === 'blksize')
        ? pass()
        : fail('BLKSIZE was not granted'),
    ),
  },
  {
    id: 'unknown-option',
    title: 'an unknown option is left out, not refused',
    cite: 'RFC 2347',
    run: asking({ 'x-unknown': '1', blksize: '1024' }, (granted) =>
      'x-unknown' in granted ? fail('it was granted') : pass(),
    ),
  },
  {
    id: 'only-requested',
    title: 'the OACK holds nothing that was not requested',
    cite: 'RFC 2347',
    run: asking({ blksize: '1024' }, (granted) => {
      const extra = Object.keys(granted).filter((name) => name.toLowerCase() !== 'blksize')
      return extra.length === 0 ? pass() : fail(`also ${extra.join(', ')}`)
    }),
  },
  {
    id: 'blksize',
    title: 'blksize is granted, and not more than requested',
    cite: 'RFC 2348',
    run: asking({ blksize: '1024' }, ({ blksize }) => {
      if (blksize === undefined) return absent('no blksize')
      return Number(blksize) >= 8 && Number(blksize) <= 1024 ? pass(blksize) : fail(blksize)
    }),
  },
  {
    id: 'blksize-values',
    title: 'values that are no block size are not granted',
    cite: 'RFC 2348',
    run: async (bench) => {
      for (const value of VALUES) {
        const verdict = await asking({ blksize: value }, ({ blksize }) => {
          // A server may grant less than a value that is too large.
          const fine = blksize === undefined || (value === '65465' && Number(blksize) <= 65_464)
          return fine ? pass() : fail(`"${value}" was answered by "${blksize}"`)
        })(bench)
        // ERROR 8 says no as well.
        if (verdict.result === 'fail' && !verdict.note.startsWith('ERROR 8')) return verdict
      }
      return pass()
    },
  },
  {
    id: 'timeout',
    title: 'timeout is granted as requested, or not',
    cite: 'RFC 2349',
    run: asking({ timeout: '3' }, ({ timeout }) => {
      if (timeout === undefined) return absent('no timeout')
      return timeout === '3' ? pass() : fail(`3 was answered by ${timeout}`)
    }),
  },
  {
    id: 'tsize',
    title: 'tsize 0 is answered by the size',
    cite: 'RFC 2349',
    run: asking({ tsize: '0' }, ({ tsize }) => {
      if (tsize === undefined) return absent('no tsize')
      return Number(tsize) > 0 ? pass(tsize) : fail(tsize)
    }),
  },
  {
    id: 'tsize-value',
    title: 'any tsize value in a read is accepted',
    cite: 'RFC 2349',
    run: asking({ tsize: '12345' }, () => pass()),
  },
  {
    id: 'windowsize',
    title: 'windowsize is granted, and that many blocks come at once',
    cite: 'RFC 7440 section 3',
    run: async ({ open, file, patienceMs }) => {
      const dialogue = await open()
      dialogue.read(file, { windowsize: '4' })
      const answer = await dialogue.next(patienceMs)
      const granted =
        answer?.packet?.opcode === Opcode.OACK ? answer.packet.options['windowsize'] : undefined
      if (granted === undefined) {
        dialogue.abort()
        return absent('no windowsize')
      }
      dialogue.ack(0)
      const came = await dialogue.during(300)
      dialogue.abort()
      const distinct = new Set(came.map(({ bytes }) => bytes.readUInt16BE(2)))
      const right = Number(granted) <= 4 && distinct.size === Number(granted)
      return right ? pass(granted) : fail(`granted ${granted}, ${distinct.size} blocks came`)
    },
  },
  {
    id: 'probe',
    title: 'ERROR 8 to the OACK ends the transfer in silence',
    cite: 'RFC 2347; EDK2',
    run: async ({ open, file, patienceMs }) => {
      const dialogue = await open()
      dialogue.read(file, { tsize: '0', blksize: '1468' })
      const answer = await dialogue.next(patienceMs)
      if (answer?.packet?.opcode !== Opcode.OACK) return absent(describe(answer))
      dialogue.send({
        opcode: Opcode.ERROR,
        code: ErrorCode.OPTION_REFUSED,
        message: 'User aborted the transfer',
      })
      const came = await dialogue.during(1500)
      return came.length === 0
        ? pass()
        : fail(`${came.length} datagrams followed: ${describe(came[0])}`)
    },
  },
]
