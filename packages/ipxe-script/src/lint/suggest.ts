import { nearest } from '@bootwire-internal/common'

/** Suggestions looked for in one script: each compares a name with all others, and nobody reads more. */
const MOST = 50

/** Names shown where all that is allowed is listed. */
const MOST_NAMES = 20

/** The name that one is like, of those that exist; nothing once enough were looked for. */
export const createSuggest = (): ((
  name: string,
  known: Iterable<string>,
) => string | undefined) => {
  let left = MOST
  return (name, known) => (left-- > 0 ? nearest(name, known) : undefined)
}

/** Names in a message: the first of many. */
export const listed = (names: Iterable<string>): string => {
  const shown: string[] = []
  for (const name of names) {
    if (shown.length === MOST_NAMES) return `${shown.join(', ')}, …`
    shown.push(name)
  }
  return shown.join(', ')
}
