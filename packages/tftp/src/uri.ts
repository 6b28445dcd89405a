import { Buffer } from 'node:buffer'

import { textOf } from './codec/text.ts'
import { TftpError } from './errors.ts'

/** What a `tftp:` URL names. */
export interface TftpUrl {
  readonly host: string
  readonly port: number
  readonly filename: string
  readonly rawName: Uint8Array
  readonly mode: 'octet' | 'netascii'
}

const MODE = /;mode=([^;]*)$/i

/** Percent-decoding to bytes: a file name need not be UTF-8. */
const unescaped = (text: string): Buffer =>
  Buffer.concat(
    text
      .split(/(%[0-9a-f]{2})/i)
      .map((part) =>
        /^%[0-9a-f]{2}$/i.test(part) ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part),
      ),
  )

/** `[fe80::1%25eth0]` (RFC 6874); a bare `%` is what people type, and what curl takes. `URL` knows no zones. */
const ZONE = /^(tftp:\/\/\[[0-9a-f:.]+)%(?:25)?([^\]/]+)\]/i

/**
 * Parses `tftp://host[:port]/file[;mode=octet]` (RFC 3617); an IPv6 address may have a zone: `[fe80::1%25eth0]`.
 *
 * The slash behind the host is no part of the name: write `tftp://host//file` for a name that starts with one.
 * @throws {TftpError} `ERR_TFTP_INVALID_URL`
 */
export const parseTftpUrl = (url: string | URL): TftpUrl => {
  const text = String(url)
  const zone = ZONE.exec(text)?.[2]
  const plain = text.replace(ZONE, '$1]')
  const bad = (reason: string) => new TftpError('ERR_TFTP_INVALID_URL', `${text}: ${reason}`)
  if (!URL.canParse(plain)) throw bad('not a URL, tftp://HOST/FILE is expected')
  const { protocol, hostname, port, pathname, search } = new URL(plain)
  if (protocol !== 'tftp:') throw bad(`the scheme is ${protocol}, only tftp: is allowed`)
  if (hostname === '') throw bad('there is no host')
  const mode = MODE.exec(search || pathname)?.[1]?.toLowerCase() ?? 'octet'
  if (mode !== 'octet' && mode !== 'netascii')
    throw bad(`mode ${mode} is neither octet nor netascii (RFC 3617)`)
  // TFTP has no queries: a question mark is a character of the name.
  const rawName = unescaped((pathname + search).replace(MODE, '').slice(1))
  if (rawName.length === 0) throw bad('there is no file name')
  const address = hostname.replace(/^\[(.*)\]$/, '$1')
  return {
    host: zone === undefined ? address : `${address}%${decodeURIComponent(zone)}`,
    port: port === '' ? 69 : Number(port),
    filename: textOf(rawName),
    rawName,
    mode,
  }
}
