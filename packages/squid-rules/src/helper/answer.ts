import { KEY_DOMAIN } from '../catalogue/model.ts'
import { IS_BLANK } from '../pattern/characters.ts'

/** Gives the rest of an answer line for the URL that begins at `from`: `OK store-id=...` or `ERR`. */
export type Reply = (line: string, from: number) => string

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

/**
 * Where the URL begins: behind a channel-ID and the blanks after it, as the stock helper has it
 * (`s/^(\d+\s+)//`). Squid's IDs grow without end (since v4), so they are echoed and never counted with.
 */
const channelEnd = (line: string): number => {
  let at = 0
  while (isDigit(line.charCodeAt(at))) at++
  if (at === 0 || IS_BLANK[line.charCodeAt(at)] !== 1) return 0
  while (IS_BLANK[line.charCodeAt(at)] === 1) at++
  return at
}

/** One line in, one line out, whatever it holds. */
export const answerLine = (line: string, reply: Reply): string => {
  const from = channelEnd(line)
  return `${line.slice(0, from)}${reply(line, from)}\n`
}

const INTERNAL = `.${KEY_DOMAIN}/`

/**
 * Squid undoes percent escapes in a bare value. That joins the spellings of an internal key; a canonical URL must
 * stay as clients write it, so it is quoted.
 */
export const storeIdReply =
  (keyAt: (line: string, from: number) => string | undefined): Reply =>
  (line, from) => {
    const key = keyAt(line, from)
    if (key === undefined) return 'ERR'
    return key.includes(INTERNAL) ? `OK store-id=${key}` : `OK store-id="${key}"`
  }

/** In quotes, as Squid undoes percent escapes in a bare value. */
export const rewriteReply =
  (pin: (line: string, from: number) => string | undefined): Reply =>
  (line, from) => {
    const url = pin(line, from)
    return url === undefined ? 'ERR' : `OK rewrite-url="${url}"`
  }
