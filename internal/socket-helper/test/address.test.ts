import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { formatIPv4, formatIPv6, parseAddress } from '../src/index.ts'

const bytesOf = (size: number) => fc.uint8Array({ minLength: size, maxLength: size })

/** Addresses with runs of zeros, where the short forms differ. */
const ipv6 = fc
  .array(fc.oneof(fc.constant(0), fc.constant(0xffff), fc.nat(0xffff)), {
    minLength: 8,
    maxLength: 8,
  })
  .map((groups) => Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff])))

/** RFC 5952 as the URL standard writes it: an outside judge. */
const asUrl = (text: string): string => new URL(`http://[${text}]/`).hostname.slice(1, -1)

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe('numeric addresses', () => {
  it('come back as they went in', () => {
    fc.assert(
      fc.property(
        bytesOf(4),
        (bytes) => hex(parseAddress(formatIPv4(bytes))!.bytes) === hex(bytes),
      ),
    )
    fc.assert(
      fc.property(ipv6, (bytes) => hex(parseAddress(formatIPv6(bytes))!.bytes) === hex(bytes)),
    )
  })

  it('are written as the URL standard writes them, all but mapped IPv4', () => {
    fc.assert(
      fc.property(ipv6, (bytes) => {
        const text = formatIPv6(bytes)
        expect(asUrl(text)).toBe(text.startsWith('::ffff:') ? asUrl(text) : text)
      }),
    )
  })

  it.each([
    ['::', '00'.repeat(16)],
    ['::1', `${'00'.repeat(15)}01`],
    ['fe80::1', `fe80${'00'.repeat(13)}01`],
    ['2001:db8:0:1::', `20010db800000001${'00'.repeat(8)}`],
    ['::ffff:192.0.2.33', `${'00'.repeat(10)}ffffc0000221`],
    ['64:ff9b::192.0.2.33', `0064ff9b${'00'.repeat(8)}c0000221`],
    ['2001:DB8::A', `20010db8${'00'.repeat(11)}0a`],
  ])('%s is read', (text, expected) => {
    expect(hex(parseAddress(text)!.bytes)).toBe(expected)
  })

  it('keep their zone apart', () => {
    expect(parseAddress('fe80::1%eth0')).toMatchObject({ family: 6, zone: 'eth0' })
    expect(parseAddress('fe80::1')).not.toHaveProperty('zone')
  })

  it.each(['', 'localhost', '1.2.3', '1.2.3.256', '1.2.3.4%eth0', ':::', '::1::', '12345::'])(
    '%j is none',
    (text) => {
      expect(parseAddress(text)).toBeUndefined()
    },
  )
})
