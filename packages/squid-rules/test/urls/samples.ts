import { parseMirror } from '../../src/engine/mirror.ts'
import type { Repository, Rule } from '../../src/index.ts'
import { parsePattern, type Piece } from '../../src/pattern/index.ts'

const sampleOf = (piece: Piece): string => {
  if (piece.kind === 'path') return 'some/folders'
  if (piece.kind === 'free') {
    return piece.of === 'digits' ? '41' : piece.of === 'any' ? 'name' : '9.4'
  }
  return piece.hex === undefined ? piece.anyOf[0]! : '0a'.repeat(piece.hex).slice(0, piece.hex)
}

/** A path that the pattern of a rule matches. */
const samplePath = ({ path }: Rule): string =>
  parsePattern(path)
    .segments.map(({ pieces }) => pieces.map(sampleOf).join(''))
    .join('/')

/** The host of a mirror as a name that can be looked up. */
const hostOf = (mirror: string): string => {
  const { host, includeSubdomains } = parseMirror(mirror)
  return includeSubdomains ? `any.${host}` : host
}

/** URLs of the first and the canonical mirror of a repository that one of its rules names. */
export const sampleUrls = ({ mirrors, canonical }: Repository, rule: Rule): string[] =>
  [mirrors[0]!, ...(canonical ? [canonical.mirror] : [])].map((mirror) => {
    const { prefix } = parseMirror(mirror)
    return `http://${hostOf(mirror)}/${prefix === '' ? '' : `${prefix}/`}${samplePath(rule)}`
  })
