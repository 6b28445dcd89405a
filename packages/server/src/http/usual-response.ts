import { ServerResponse, type OutgoingHttpHeader, type OutgoingHttpHeaders } from 'node:http'

const usual = new Map<string, string>([
  ['etag', 'ETag'],
  ['www-authenticate', 'WWW-Authenticate'],
])

/** A header's name in its usual spelling: `Content-Length`. */
const usualName = (name: string): string => {
  const known = usual.get(name)
  if (known !== undefined) return known
  const spelled = name.replaceAll(/(^|-)[a-z]/g, (begin) => begin.toUpperCase())
  if (usual.size < 100) usual.set(name, spelled)
  return spelled
}

/**
 * Names of headers in their usual spelling, although case means nothing in them (RFC 9110 section 5.1): GRUB under UEFI
 * compares `Content-Length` byte by byte (grub-core/net/efi/http.c), and takes a file without it for empty.
 */
export class UsualResponse extends ServerResponse {
  override setHeader(name: string, value: number | string | readonly string[]): this {
    return super.setHeader(usualName(name), value)
  }

  override writeHead(
    statusCode: number,
    reasonOrHeaders?: string | OutgoingHttpHeaders | OutgoingHttpHeader[],
    headers?: OutgoingHttpHeaders | OutgoingHttpHeader[],
  ): this {
    const given = typeof reasonOrHeaders === 'string' ? headers : reasonOrHeaders
    if (given === undefined || Array.isArray(given)) {
      if (typeof reasonOrHeaders === 'string')
        return super.writeHead(statusCode, reasonOrHeaders, given)
      return super.writeHead(statusCode, given)
    }
    const spelled: OutgoingHttpHeaders = {}
    for (const [name, value] of Object.entries(given)) spelled[usualName(name)] = value
    return typeof reasonOrHeaders === 'string'
      ? super.writeHead(statusCode, reasonOrHeaders, spelled)
      : super.writeHead(statusCode, spelled)
  }
}
