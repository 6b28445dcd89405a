import type { IncomingHttpHeaders } from 'node:http'

import type { FilePart } from '../../http/pump.ts'

/** A request as the routes see it. */
export interface HttpRequest {
  readonly method: string
  /** Decoded. */
  readonly path: string
  /** As it was sent, without `?`. */
  readonly rawQuery: string
  readonly headers: IncomingHttpHeaders
  /** IP address of who asks. */
  readonly address: string
}

/** What is sent. Names of headers are written as they are sent. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | FilePart
}

export const TEXT = 'text/plain; charset=utf-8'

const EMPTY = Buffer.alloc(0)

/** Go's http.Error. */
export const errorAnswer = (status: number, message: string): HttpAnswer => ({
  status,
  headers: { 'Content-Type': TEXT, 'X-Content-Type-Options': 'nosniff' },
  body: Buffer.from(`${message}\n`),
})

export const notFound = (): HttpAnswer => errorAnswer(404, '404 page not found')

export const emptyAnswer = (
  status: number,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer => ({ status, headers, body: EMPTY })

const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
}

export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (char) => HTML[char] ?? char)

/** A path as Go's url.URL writes it. */
export const escapePath = (path: string): string =>
  Buffer.from(path, 'utf8')
    .toString('latin1')
    .replaceAll(
      /[^A-Za-z0-9_.~$&+,/:;=@-]/g,
      (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )

/** Go's http.Redirect with 301. */
export const movedTo = (url: string, method: string): HttpAnswer => {
  if (method !== 'GET' && method !== 'HEAD') return emptyAnswer(301, { Location: url })
  return {
    status: 301,
    headers: { 'Content-Type': 'text/html; charset=utf-8', Location: url },
    body:
      method === 'HEAD'
        ? EMPTY
        : Buffer.from(`<a href="${escapeHtml(url)}">Moved Permanently</a>.\n\n`),
  }
}
