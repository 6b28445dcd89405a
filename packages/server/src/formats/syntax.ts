/** What a template prints in one place. */
export interface Value {
  readonly text: string
  /** A number, a truth value, a list or a map: `text` is its JSON. */
  readonly isData: boolean
}

/** A value as it stands in the text, or why it cannot stand there. */
export type Filled = { readonly text: string } | { readonly refused: string }

/** What is wrong in a text: a sentence, and the offset in UTF-16 units. */
export interface TextProblem {
  readonly message: string
  readonly offset: number
}

/** How values stand in a format's text, and what such a text must be. */
export interface Syntax {
  /**
   * Makes values fit for the places between the texts that surround them.
   * @param texts - one more than there are values
   */
  readonly fill: (texts: readonly string[], values: readonly Value[]) => readonly Filled[]
  /** What is wrong with a whole text: an installer would act on half of it. */
  readonly problems?: (text: string) => readonly TextProblem[]
}

/** Reads a text from its begin, and knows at each place what a value must look like there. */
export interface Scanner {
  read(text: string): void
  put(value: Value): Filled
}

/** {@link Syntax.fill} of a scanner. */
export const fillBy =
  (begin: (texts: readonly string[]) => Scanner): Syntax['fill'] =>
  (texts, values) => {
    const scanner = begin(texts)
    return values.map((value, i) => {
      scanner.read(texts[i]!)
      return scanner.put(value)
    })
  }

// oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
const CONTROL = /[\u0000-\u001F\u007F-\u009F\u2028\u2029]/
// oxlint-disable-next-line no-control-regex -- as above; line feed and tab are left out
const UNPRINTABLE = /[\u0000-\u0008\u000B-\u001F\u007F]/

export const LINE_BREAKS = 'it has line breaks or control characters'

/** A value that stays on its line, after a change. */
export const onOneLine = (
  text: string,
  change: (text: string) => string = (same) => same,
): Filled => (CONTROL.test(text) ? { refused: LINE_BREAKS } : { text: change(text) })

/** A value that may have several lines, after a change. */
export const onLines = (text: string, change: (text: string) => string = (same) => same): Filled =>
  UNPRINTABLE.test(text) ? { refused: 'it has control characters' } : { text: change(text) }

/** Puts a backslash before each of these characters. */
export const backslashed = (text: string, characters: RegExp): string =>
  text.replaceAll(characters, String.raw`\$&`)

/** A word that means itself in every shell, and in most languages. */
export const isPlainWord = (text: string): boolean => /^[\w@%+=:,./-]+$/.test(text)

/** A shell word: as it is where that is safe, else in single quotes, in which only the quote itself is special. */
export const shellWord = (text: string): string =>
  isPlainWord(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
