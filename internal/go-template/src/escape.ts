import { isPrint, runeAt, runeBytes, type ByteString } from './bytes.ts'

const HTML: Readonly<Record<string, string>> = {
  '\0': runeBytes(0xfffd),
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
}

export const escapeHtml = (text: ByteString): ByteString =>
  // oxlint-disable-next-line no-control-regex -- NUL is what becomes U+FFFD
  text.replaceAll(/[\0"'&<>]/g, (char) => HTML[char] ?? char)

const JS: Readonly<Record<string, string>> = {
  '\\': String.raw`\\`,
  "'": String.raw`\'`,
  '"': String.raw`\"`,
}

const code = (rune: number): string => `\\u${rune.toString(16).toUpperCase().padStart(4, '0')}`

export const escapeJs = (text: ByteString): ByteString => {
  let escaped = ''
  for (let at = 0; at < text.length;) {
    const { rune, size } = runeAt(text, at)
    const bytes = text.slice(at, at + size)
    at += size
    const isShown = rune < 0x80 ? rune >= 0x20 && !/[<>&=]/.test(bytes) : isPrint(rune)
    escaped += JS[bytes] ?? (isShown ? bytes : code(rune))
  }
  return escaped
}

export const escapeQuery = (text: ByteString): ByteString =>
  text.replaceAll(/[^A-Za-z0-9_.~-]/g, (char) =>
    char === ' ' ? '+' : `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
