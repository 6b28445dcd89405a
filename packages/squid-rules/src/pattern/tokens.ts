import { SquidRulesError } from '../errors.ts'

/** Literal text, or a placeholder: `<name>`, `<name:type>`, `*` (free, no name) or `**` (path, no name). */
export type Token =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'placeholder'; readonly name?: string; readonly type?: string }

const TOKEN = /<([a-z][a-zA-Z0-9]*)(?::([^<>]+))?>|(\*\*)|(\*)|([A-Za-z0-9._+~:^=,@!-]+)/y

/**
 * Splits one segment, or a whole key template, into its tokens.
 * @throws {SquidRulesError} `ERR_SQUID_PATTERN`
 */
export const tokensOf = (part: string, whole: string = part): Token[] => {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < part.length) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(part)
    if (!match) {
      const column = whole.indexOf(part) + at + 1
      throw new SquidRulesError(
        'ERR_SQUID_PATTERN',
        `pattern "${whole}": "${part[at]}" in column ${column} is not allowed outside <name>, <name:type>, *, ** and A-Za-z0-9._+~:^=,@!-`,
      )
    }
    const [, name, type, path, free, text] = match
    if (text !== undefined) tokens.push({ kind: 'literal', text })
    else if (path) tokens.push({ kind: 'placeholder', type: 'path' })
    else if (free) tokens.push({ kind: 'placeholder' })
    else tokens.push({ kind: 'placeholder', ...(name && { name }), ...(type && { type }) })
  }
  return tokens
}
