import { nearest } from '@bootwire-internal/common'

/** Suggestions looked for in one script: each compares a name with all others, and nobody reads more. */
const MOST = 50

/** `; there is NAME`, for a name that is like one that exists. */
export const suggestFor = (names: Iterable<string>): ((name: string) => string) => {
  const known = [...names]
  let left = MOST
  return (name) => {
    if (left-- <= 0) return ''
    const like = nearest(name, known)
    return like === undefined ? '' : `; there is ${like}`
  }
}
