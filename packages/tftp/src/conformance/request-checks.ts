import { Opcode } from '../codec/opcodes.ts'
import { fail, pass, type Bench, type Check, type Verdict } from './check.ts'
import { describe } from './transfer-checks.ts'

/** Asks for a name that must not be given out. */
const mustRefuse = async (
  { open, patienceMs }: Bench,
  name: string | Uint8Array,
): Promise<Verdict> => {
  const dialogue = await open()
  const request = Buffer.concat([Buffer.from([0, 1]), Buffer.from(name), Buffer.from('\0octet\0')])
  dialogue.send(request)
  const answer = await dialogue.next(patienceMs)
  dialogue.abort()
  // Silence and any ERROR are refusals.
  if (answer === undefined || answer.packet?.opcode === Opcode.ERROR) return pass()
  return fail(`${JSON.stringify(String(name))}: ${describe(answer)}`)
}

const ESCAPES = [
  '../../../../../../../../etc/passwd',
  '/../../../../../../../../etc/passwd',
  'a/../../../../../../../../../etc/passwd',
  '..\\..\\..\\..\\..\\..\\etc\\passwd',
  '....//....//....//....//etc/passwd',
  '%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
  '//./etc/passwd',
] as const

const NAMES = [
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '%s%n%s%n',
  'no\u0001such\u001b[31mfile',
] as const

const manyOptions = (): Buffer => {
  const options = Array.from({ length: 115 }, () => 'a\0b\0').join('')
  return Buffer.from(`\0\x01file\0octet\0${options}`)
}

const MALFORMED: readonly (readonly [string, Buffer])[] = [
  ['no file name', Buffer.from([0, 1])],
  ['a name without end', Buffer.from('\0\x01file')],
  ['no mode', Buffer.from('\0\x01file\0')],
  ['a mode without end', Buffer.from('\0\x01file\0octet')],
  ['an option without value', Buffer.from('\0\x01file\0octet\0blksize\0')],
  ['a value without end', Buffer.from('\0\x01file\0octet\0blksize\x001024')],
  ['an empty name', Buffer.from('\0\x01\0octet\0')],
  ['115 options', manyOptions()],
  ['a name of 500 bytes', Buffer.from(`\0\x01${'n'.repeat(500)}\0octet\0`)],
  ['1400 bytes', Buffer.from(`\0\x01${'n'.repeat(1400)}\0octet\0`)],
  [
    'a name that is no UTF-8',
    Buffer.concat([Buffer.from([0, 1, 0xff, 0xfe, 0x80]), Buffer.from('\0octet\0')]),
  ],
]

const STRAYS: readonly (readonly [string, Buffer])[] = [
  ['an empty datagram', Buffer.alloc(0)],
  ['one byte', Buffer.from([0])],
  ['DATA', Buffer.from([0, 3, 0, 1, 1])],
  ['ACK', Buffer.from([0, 4, 0, 1])],
  ['ERROR', Buffer.from([0, 5, 0, 0, 0])],
  ['OACK', Buffer.from('\0\x06blksize\x001024\0')],
  ['opcode 9', Buffer.from([0, 9, 0, 0])],
]

export const REQUEST_CHECKS: readonly Check[] = [
  {
    id: 'not-found',
    title: 'a missing file is ERROR 1',
    cite: 'RFC 1350 appendix I',
    run: async ({ open, patienceMs }) => {
      const dialogue = await open()
      dialogue.read('bootwire-no-such-file')
      const answer = await dialogue.next(patienceMs)
      return answer?.packet?.opcode === Opcode.ERROR && answer.packet.code === 1
        ? pass()
        : fail(describe(answer))
    },
  },
  {
    id: 'no-path-leak',
    title: 'no path of the server in an error text',
    cite: 'CWE-209',
    run: async ({ open, patienceMs }) => {
      const dialogue = await open()
      dialogue.read('bootwire-no-such-file')
      const answer = await dialogue.next(patienceMs)
      const message = answer?.packet?.opcode === Opcode.ERROR ? answer.packet.message : ''
      return /[/\\]/.test(message) ? fail(`"${message}"`) : pass()
    },
  },
  {
    id: 'mail-mode',
    title: 'mode mail is refused',
    cite: 'RFC 1123 section 4.2.2.1',
    run: async ({ open, file, patienceMs }) => {
      const dialogue = await open()
      dialogue.read(file, {}, 'mail')
      const answer = await dialogue.next(patienceMs)
      dialogue.abort()
      return answer?.packet?.opcode === Opcode.ERROR ? pass() : fail(describe(answer))
    },
  },
  {
    id: 'traversal',
    title: 'no name leads out of the root',
    cite: 'CWE-22',
    run: async (bench) => {
      for (const name of ESCAPES) {
        const verdict = await mustRefuse(
          { ...bench, patienceMs: Math.min(bench.patienceMs, 1000) },
          name,
        )
        if (verdict.result === 'fail') return verdict
      }
      return pass()
    },
  },
  {
    id: 'odd-names',
    title: 'odd names are files that do not exist',
    cite: 'CVE-2006-0328',
    run: async ({ open, patienceMs }) => {
      for (const name of NAMES) {
        const dialogue = await open()
        dialogue.read(name)
        const answer = await dialogue.next(patienceMs)
        if (answer?.packet?.opcode !== Opcode.ERROR || answer.packet.code !== 1) {
          return fail(`${JSON.stringify(name)}: ${describe(answer)}`)
        }
      }
      return pass()
    },
  },
  {
    id: 'malformed',
    title: 'malformed requests do no harm',
    cite: 'RFC 2347; CVE-2009-2957, CVE-2009-2958, CVE-2021-41054',
    run: async ({ open }) => {
      const dialogue = await open()
      for (const [, bytes] of MALFORMED) dialogue.send(bytes)
      const came = await dialogue.during(500)
      const data = came.find(({ packet }) => packet?.opcode === Opcode.DATA)
      return data ? fail(`DATA came for a malformed request`) : pass()
    },
  },
  {
    id: 'strays',
    title: 'the listening port answers nothing but requests',
    cite: 'RFC 1123 section 4.2.3.5; CVE-2024-2169',
    run: async ({ open }) => {
      for (const [name, bytes] of STRAYS) {
        const dialogue = await open()
        dialogue.send(bytes)
        const came = await dialogue.next(150)
        if (came) return fail(`${name}: ${describe(came)}`)
      }
      return pass()
    },
  },
]
