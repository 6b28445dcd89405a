import { KEY_DOMAIN, type FileClass } from '../catalogue/model.ts'
import { newCaptures } from '../pattern/index.ts'
import type { CompiledRule } from './compile.ts'
import { hostStart, type Engine } from './engine.ts'
import type { Place } from './places.ts'
import { refusalOf } from './refusal.ts'

/** One step of a decision: what was tried, and what came of it. */
export interface Reason {
  readonly code:
    | 'refused'
    | 'no-mirror'
    | 'mirror'
    | 'mutable'
    | 'mutable-word'
    | 'matched'
    | 'lost'
    | 'no-rule'
  readonly message: string
}

/** What becomes of a URL, and why. */
export interface Explanation {
  readonly url: string
  readonly class: FileClass | 'unknown' | 'refused'
  /** The key as the helper answers it; absent where the URL stays its own key. */
  readonly key?: string
  /** The key as Squid stores it: it undoes percent escapes. */
  readonly storedAs?: string
  readonly repository?: string
  readonly rule?: string
  readonly source?: string
  /** In the order in which they were found. */
  readonly reasons: readonly Reason[]
}

const storedKey = (key: string): string =>
  // A canonical URL is answered in quotes, in which Squid undoes nothing.
  !key.includes(`.${KEY_DOMAIN}/`)
    ? key
    : key.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      )

/** Tells the whole way to a decision. Agrees with `engine.keyAt`, which gives the key. */
export const explain = (engine: Engine, url: string): Explanation => {
  const reasons: Reason[] = []
  const say = (code: Reason['code'], message: string): void => void reasons.push({ code, message })
  const refusal = refusalOf(url)
  if (refusal !== undefined) {
    say('refused', refusal)
    return { url, class: 'refused', reasons }
  }
  const places = engine.placesAt(url, 0)
  if (places.length === 0) {
    const host = url.slice(hostStart(url, 0), url.indexOf('/', hostStart(url, 0)))
    say('no-mirror', `no repository has a mirror at this place of ${host}`)
    return { url, class: 'unknown', reasons }
  }
  const captures = newCaptures()
  const key = engine.keyAt(url, 0)
  const matching = (rules: readonly CompiledRule[], { depth }: Place): CompiledRule[] =>
    rules.filter(({ matches }) => matches(engine.path, depth, captures))
  let mutable: CompiledRule | undefined
  let winner: CompiledRule | undefined
  let words = false
  for (const place of places) {
    const { name, mutableWords } = place.repository
    say(
      'mirror',
      `is includeSubdomains a mirror of ${name}${place.prefix ? `, prefix /${place.prefix}` : ', at its root'}`,
    )
    const blocks = matching(place.repository.mutable, place)
    for (const { id, source } of blocks)
      say('mutable', `rule ${name}/${id}: its bytes change (${source})`)
    // Only behind the mirror's prefix: a mirror may well lie in a folder called "latest".
    const behind = engine.path.starts[place.depth]! - 1
    const word = mutableWords.find((each) => url.includes(each, behind))
    if (word !== undefined) say('mutable-word', `"${word}" in the path: its name moves`)
    const rules = matching(place.repository.keyed, place)
    for (const rule of rules) {
      if (blocks.length > 0 || word !== undefined)
        say('lost', `rule ${name}/${rule.id} matches too, mutable wins`)
      else if (winner === undefined) {
        winner = rule
        say('matched', `rule ${name}/${rule.id}: ${rule.class} (${rule.source})`)
      } else say('lost', `rule ${name}/${rule.id} matches too, an earlier one wins`)
    }
    if (rules.length === 0 && blocks.length === 0)
      say('no-rule', `no rule of ${name} names such a file`)
    mutable ??= blocks[0]
    words ||= word !== undefined
  }
  if (key !== undefined && winner !== undefined) {
    const { id, source, repository } = winner
    const found = { rule: id, source, repository: repository.name }
    return { url, class: winner.class, key, storedAs: storedKey(key), ...found, reasons }
  }
  const found = mutable && {
    rule: mutable.id,
    source: mutable.source,
    repository: mutable.repository.name,
  }
  return { url, class: mutable || words ? 'mutable' : 'unknown', ...found, reasons }
}
