import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  decode,
  decodeRequest,
  encode,
  encodeNetascii,
  NetasciiDecoder,
  netasciiLength,
  safeDecode,
  type Packet,
} from '../src/codec/index.ts'
import { TftpError } from '../src/errors.ts'

const bytesOf = (text: string) => Buffer.from(text, 'latin1')

/** Captured or spelled out by an RFC: where from, the bytes, what they mean. */
const VECTORS: readonly (readonly [source: string, wire: Buffer, packet: Packet])[] = [
  [
    'RRQ of iPXE (src/net/udp/tftp.c)',
    bytesOf('\0\x01undionly.kpxe\0octet\0blksize\x001432\0tsize\x000\0'),
    {
      opcode: 1,
      filename: 'undionly.kpxe',
      rawName: bytesOf('undionly.kpxe'),
      mode: 'octet',
      options: { blksize: '1432', tsize: '0' },
    },
  ],
  [
    'RRQ of EDK2 (Mtftp4Dxe)',
    bytesOf('\0\x01ipxe.efi\0octet\0tsize\x000\0blksize\x001468\0windowsize\x004\0'),
    {
      opcode: 1,
      filename: 'ipxe.efi',
      rawName: bytesOf('ipxe.efi'),
      mode: 'octet',
      options: { tsize: '0', blksize: '1468', windowsize: '4' },
    },
  ],
  [
    'WRQ without options, RFC 1350 §5',
    bytesOf('\0\x02f\0netascii\0'),
    { opcode: 2, filename: 'f', rawName: bytesOf('f'), mode: 'netascii', options: {} },
  ],
  [
    'DATA, RFC 1350 §5',
    bytesOf('\0\x03\x12\x34abc'),
    { opcode: 3, block: 0x1234, data: bytesOf('abc') },
  ],
  ['an empty DATA', bytesOf('\0\x03\xff\xff'), { opcode: 3, block: 65_535, data: bytesOf('') }],
  ['ACK, RFC 1350 §5', bytesOf('\0\x04\0\x01'), { opcode: 4, block: 1 }],
  [
    'ERROR of EDK2 after its probe',
    bytesOf('\0\x05\0\x08User aborted the transfer\0'),
    { opcode: 5, code: 8, message: 'User aborted the transfer' },
  ],
  [
    'OACK, RFC 2347',
    bytesOf('\0\x06blksize\x001432\0tsize\x00673312\0'),
    { opcode: 6, options: { blksize: '1432', tsize: '673312' } },
  ],
]

/** The name and code of what `decode` throws. */
const complaintOf = (bytes: Uint8Array): string => {
  try {
    decode(bytes)
    return 'none'
  } catch (error) {
    return error instanceof TftpError ? `${error.name} ${error.code}` : String(error)
  }
}

describe('packets', () => {
  it.each(VECTORS)('decode: %s', (_source, wire, packet) => {
    expect(decode(wire)).toEqual(packet)
  })

  it.each(VECTORS)('encode: %s', (_source, wire, packet) => {
    expect(encode(packet).equals(wire)).toBe(true)
  })

  it.each(VECTORS)('come back the same: %s', (_source, wire, packet) => {
    expect(decode(encode(packet))).toEqual(packet)
    expect(encode(decode(wire)).equals(wire)).toBe(true)
  })

  it('of any bytes never throw anything but ERR_TFTP_MALFORMED', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 600 }),
        fc.integer({ min: 0, max: 8 }),
        (tail, opcode) => {
          const bytes = Buffer.concat([Buffer.of(0, opcode), tail])
          for (const some of [tail, bytes]) {
            expect(['none', 'TftpError ERR_TFTP_MALFORMED']).toContain(complaintOf(some))
          }
        },
      ),
    )
  })

  it('of any fields survive the round trip', () => {
    const text = fc.string({ maxLength: 40 }).filter((value) => !value.includes('\0'))
    const option = fc.tuple(
      text.filter((value) => value !== '').map((value) => value.toLowerCase()),
      text,
    )
    fc.assert(
      fc.property(text, fc.array(option, { maxLength: 3 }), (filename, options) => {
        const packet = {
          opcode: 1,
          filename,
          mode: 'octet',
          options: Object.fromEntries(options),
        } as const
        const decoded = decode(encode({ ...packet, rawName: Buffer.from(filename) }))
        expect(decoded).toMatchObject({ filename, mode: 'octet' })
        // A name may be spelled so that lower case is another character sequence: what is kept is what lower case says.
        const again = encode(decoded)
        expect(decode(again)).toEqual(decoded)
      }),
    )
  })
})

describe('requests', () => {
  it('keep the first value of an option that comes twice, in whatever case', () => {
    const request = decode(bytesOf('\0\x01f\0OCTET\0BlkSize\x001024\0blksize\x00512\0'))
    expect(request).toMatchObject({ mode: 'octet', options: { blksize: '1024' } })
  })

  it('may be padded with zeros', () => {
    expect(decode(bytesOf('\0\x01f\0octet\0\0\0\0\0'))).toMatchObject({ options: {} })
  })

  it('may ask for options called __proto__ and constructor', () => {
    const { options } = decodeRequest(bytesOf('\0\x01f\0octet\0__proto__\x001\0constructor\x002\0'))
    expect(Object.keys(options)).toEqual(['__proto__', 'constructor'])
    expect({}).not.toHaveProperty('1')
  })

  it('with a name that is no UTF-8 keep its bytes and get a Latin-1 text', () => {
    const request = decode(bytesOf('\0\x01a\xff\xfe\0octet\0'))
    expect(request).toMatchObject({ filename: 'a\u00ff\u00fe', rawName: bytesOf('a\xff\xfe') })
  })

  it.each([
    ['a name without end', '\0\x01file'],
    ['no mode', '\0\x01file\0'],
    ['4097 bytes', `\0\x01${'n'.repeat(4088)}\0octet\0`],
  ])('with %s are malformed', (_what, text) => {
    expect(safeDecode(bytesOf(text))).toBeUndefined()
  })

  // What tftpd-hpa 5.2 serves.
  it.each([
    ['a mode without end', '\0\x01f\0octet', { mode: 'octet', oddities: ['unterminated'] }],
    ['zeros behind', '\0\x01f\0octet\0\0\0', { options: {}, oddities: ['padding'] }],
    ['0xFF behind', '\0\x01f\0octet\0\xff\xff', { options: {}, oddities: ['padding'] }],
    [
      'an option without value',
      '\0\x01f\0octet\0tsize\x000\0blksize\0',
      { options: { tsize: '0' }, oddities: ['option-without-value'] },
    ],
    [
      'a value without end',
      '\0\x01f\0octet\0blksize\x001024',
      { options: { blksize: '1024' }, oddities: ['unterminated'] },
    ],
    ['513 bytes', `\0\x01${'n'.repeat(504)}\0octet\0`, { mode: 'octet', oddities: ['long'] }],
  ])('with %s are understood, and say what was wrong', (_what, text, request) => {
    expect(safeDecode(bytesOf(text))).toMatchObject(request)
  })

  it('that the wire cannot carry are refused', () => {
    const request = {
      opcode: 1,
      filename: 'f',
      rawName: bytesOf('f'),
      mode: 'octet',
      options: {},
    } as const
    const encoding = (change: object) => () => encode({ ...request, ...change })
    expect(encoding({ rawName: bytesOf('a\0b') })).toThrow('zero byte')
    expect(encoding({ mode: 'a\0b' })).toThrow('zero byte')
    expect(encoding({ options: { '': '1' } })).toThrow('needs a name')
    expect(encoding({ rawName: Buffer.alloc(600, 'n') })).toThrow('at most 512')
    expect(() => encode({ opcode: 4, block: 65_536 })).toThrow('outside 0–65535')
  })
})

describe('netascii', () => {
  it('writes LF as CR LF and CR as CR NUL', () => {
    expect(String(encodeNetascii(bytesOf('a\nb\rc\r\n')))).toBe('a\r\nb\r\0c\r\0\r\n')
  })

  it('comes back the same, however it is cut', () => {
    const pieces = fc.array(fc.stringMatching(/^[\r\n\0a]{0,6}$/), { maxLength: 6 })
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 4 }), (parts, cut) => {
        const text = Buffer.from(parts.join(''))
        const wire = Buffer.concat(parts.map((part) => encodeNetascii(Buffer.from(part))))
        expect(wire.length).toBe(netasciiLength(text))
        const decoder = new NetasciiDecoder()
        const decoded: Buffer[] = []
        for (let at = 0; at < wire.length; at += cut)
          decoded.push(decoder.push(wire.subarray(at, at + cut)))
        expect(Buffer.concat([...decoded, decoder.end()]).equals(text)).toBe(true)
      }),
    )
  })

  it('keeps a bare CR, also the last one', () => {
    const decoder = new NetasciiDecoder()
    expect(String(Buffer.concat([decoder.push(bytesOf('a\rb\r')), decoder.end()]))).toBe('a\rb\r')
  })
})
