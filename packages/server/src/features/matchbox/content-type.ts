import { extname } from 'node:path'

import { TEXT } from './http-answer.ts'

/** What Go knows of itself; on the image that people run there are no files of MIME types. */
const BY_EXTENSION: Readonly<Record<string, string>> = {
  '.avif': 'image/avif',
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.htm': 'text/html; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.xml': 'text/xml; charset=utf-8',
}

// oxlint-disable no-control-regex -- signatures are bytes

/** Beginnings that mean a type (WHATWG MIME Sniffing, section 6). `.` stands for any byte. */
const SIGNATURES: readonly (readonly [RegExp, string])[] = [
  [
    /^[\t\n\f\r ]*<(?:!DOCTYPE HTML|HTML|HEAD|SCRIPT|IFRAME|H1|DIV|FONT|TABLE|A|STYLE|TITLE|B|BODY|BR|P)[ >]/i,
    'text/html; charset=utf-8',
  ],
  [/^[\t\n\f\r ]*<!--/, 'text/html; charset=utf-8'],
  [/^[\t\n\f\r ]*<\?xml/, 'text/xml; charset=utf-8'],
  [/^%PDF-/, 'application/pdf'],
  [/^%!PS-Adobe-/, 'application/postscript'],
  [/^\xfe\xff../s, 'text/plain; charset=utf-16be'],
  [/^\xff\xfe../s, 'text/plain; charset=utf-16le'],
  [/^\xef\xbb\xbf./s, TEXT],
  [/^\0\0\x01\0/, 'image/x-icon'],
  [/^\0\0\x02\0/, 'image/x-icon'],
  [/^BM/, 'image/bmp'],
  [/^GIF8[79]a/, 'image/gif'],
  [/^RIFF.{4}WEBPVP/s, 'image/webp'],
  [/^\x89PNG\r\n\x1a\n/, 'image/png'],
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^FORM.{4}AIFF/s, 'audio/aiff'],
  [/^ID3/, 'audio/mpeg'],
  [/^OggS\0/, 'application/ogg'],
  [/^MThd\0\0\0\x06/, 'audio/midi'],
  [/^RIFF.{4}AVI /s, 'video/avi'],
  [/^RIFF.{4}WAVE/s, 'audio/wave'],
  [/^\x1aE\xdf\xa3/, 'video/webm'],
  [/^.{34}LP/s, 'application/vnd.ms-fontobject'],
  [/^\0\x01\0\0/, 'font/ttf'],
  [/^OTTO/, 'font/otf'],
  [/^ttcf/, 'font/collection'],
  [/^wOFF/, 'font/woff'],
  [/^wOF2/, 'font/woff2'],
  [/^\x1f\x8b\x08/, 'application/x-gzip'],
  [/^PK\x03\x04/, 'application/zip'],
  [/^Rar!\x1a\x07\0/, 'application/x-rar-compressed'],
  [/^Rar!\x1a\x07\x01\0/, 'application/x-rar-compressed'],
  [/^\0asm/, 'application/wasm'],
]

/** Bytes that look at most: Go's DetectContentType. */
export const SNIFFED_BYTES = 512

export const sniffedType = (bytes: Buffer): string => {
  const start = bytes.subarray(0, SNIFFED_BYTES).toString('latin1')
  const signature = SIGNATURES.find(([pattern]) => pattern.test(start))
  if (signature) return signature[1]
  const isBinary = /[\0-\x08\x0b\x0e-\x1a\x1c-\x1f]/.test(start.replace(/^[\t\n\f\r ]+/, ''))
  return isBinary ? 'application/octet-stream' : TEXT
}

export const typeOfName = (name: string): string | undefined => {
  const extension = extname(`x${name}`)
  return BY_EXTENSION[extension] ?? BY_EXTENSION[extension.toLowerCase()]
}
