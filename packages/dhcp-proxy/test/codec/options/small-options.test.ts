import { describe, expect, it } from 'vitest'

import {
  decodeBootFile,
  decodeClientId,
  decodeMessageType,
  decodeNetworkInterface,
  decodePxelinux,
  decodeTftpServerName,
  decodeTftpServers,
  encodeBootFile,
  encodeNetworkInterface,
  encodePxelinux,
  encodeTftpServerName,
  encodeTftpServers,
  messageTypeName,
} from '../../../src/codec/index.ts'
import { hex } from '../../support/packets.ts'

describe('message type (53)', () => {
  it.each([
    ['01', 'DISCOVER'],
    ['08', 'INFORM'],
    ['0a', 'type 10'],
    ['', 'BOOTP'],
    ['0101', 'BOOTP'],
  ])('%j is %s', (bytes, name) => expect(messageTypeName(decodeMessageType(hex(bytes)))).toBe(name))
})

describe('client id (61)', () => {
  it('is hex, type byte included', () =>
    expect(decodeClientId(hex('0152540012'))).toBe('01:52:54:00:12'))
})

describe('TFTP server name (66)', () => {
  it('is read with and without NUL, and written without', () => {
    expect(decodeTftpServerName(hex('68 69 00'))).toBe('hi')
    expect(encodeTftpServerName('hi')).toEqual(hex('6869'))
  })
  it('is never empty', () => {
    expect(() => encodeTftpServerName('')).toThrow(
      expect.objectContaining({ code: 'ERR_DHCP_OPTION' }),
    )
  })
})

describe('boot file (67)', () => {
  it('is read with and without NUL, and written with', () => {
    expect(decodeBootFile(hex('61 62'))).toBe('ab')
    expect(decodeBootFile(encodeBootFile('ab'))).toBe('ab')
    expect(encodeBootFile('ab')).toEqual(hex('616200'))
  })
  it.each(['', 'a\0b', 'a\nb', '\u20ac', 'x'.repeat(255)])('refuses %j', (name) => {
    expect(() => encodeBootFile(name)).toThrow(
      expect.objectContaining({ code: 'ERR_DHCP_BOOT_FILE' }),
    )
  })
  it('takes 254 bytes', () => expect(encodeBootFile('x'.repeat(254))).toHaveLength(255))
})

describe('network interface (94)', () => {
  it('goes there and back', () => {
    expect(decodeNetworkInterface(hex('010310'))).toEqual({ type: 1, major: 3, minor: 16 })
    expect(encodeNetworkInterface({ type: 1, major: 3, minor: 16 })).toEqual(hex('010310'))
  })
  it('is undefined for another length', () =>
    expect(decodeNetworkInterface(hex('0103'))).toBeUndefined())
  it('refuses a field over 255', () => {
    expect(() => encodeNetworkInterface({ type: 256, major: 0, minor: 0 })).toThrow(/outside 0–255/)
  })
})

describe('TFTP servers (150)', () => {
  it('goes there and back', () => {
    expect(decodeTftpServers(hex('0a000001 0a000002'))).toEqual(['10.0.0.1', '10.0.0.2'])
    expect(encodeTftpServers(['10.0.0.1', '10.0.0.2'])).toEqual(hex('0a000001 0a000002'))
  })
  it.each(['', '0a0000'])('is undefined for %j', (bytes) =>
    expect(decodeTftpServers(hex(bytes))).toBeUndefined(),
  )
  it('refuses a name', () =>
    expect(() => encodeTftpServers(['tftp'])).toThrow(/not an IPv4 address/))
})

describe('PXELINUX (208–211)', () => {
  const all = { configFile: 'cfg', pathPrefix: '/p/', rebootSeconds: 30 }
  it('writes the magic with the rest, and reads the rest back', () => {
    const options = encodePxelinux(all)
    expect(options).toEqual({ 208: hex('f100747e'), 209: 'cfg', 210: '/p/', 211: hex('0000001e') })
    const wire = new Map([
      [209, hex('636667')],
      [210, hex('2f702f')],
      [211, hex('0000001e')],
    ])
    expect(decodePxelinux(wire)).toEqual(all)
  })
  it('leaves away what is not there', () => {
    expect(decodePxelinux(new Map())).toEqual({})
    expect(Object.keys(encodePxelinux({}))).toEqual(['208'])
  })
})
