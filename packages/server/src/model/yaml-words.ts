import type { ErrorCode } from 'yaml'

const KEY_ON_ONE_LINE = 'a key and its ":" must stand on one line'
const ANCHOR = 'an anchor or tag stands where it belongs to nothing'

/** What is wrong in a YAML text, by the library's codes; its own sentences are for programmers. */
const WORDS: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'an alias takes neither anchor nor tag',
  BAD_ALIAS: 'this is no name of an anchor; quote texts that begin with "*" or "&"',
  BAD_COLLECTION_TYPE: 'this tag does not fit what follows it',
  BAD_DIRECTIVE: 'this line begins with "%", which YAML keeps for directives; quote it',
  BAD_DQ_ESCAPE: 'in double quotes a backslash begins an escape; write two, or single quotes',
  BAD_INDENT: 'this line is indented otherwise than those beside it',
  BAD_PROP_ORDER: ANCHOR,
  BAD_SCALAR_START: 'a text that begins with this character must be quoted',
  BLOCK_AS_IMPLICIT_KEY: 'two ": " on one line; quote the value if it is one text',
  BLOCK_IN_FLOW: 'a block of lines begins between [ ] or { }; close them first, or quote the text',
  DUPLICATE_KEY: 'this key is given twice in the same map; keys must be unique',
  IMPOSSIBLE: 'this cannot be read',
  KEY_OVER_1024_CHARS: 'a key may have 1,024 characters',
  MISSING_CHAR: 'a quote or bracket has no end, or a blank is missing after ":"',
  MULTILINE_IMPLICIT_KEY: KEY_ON_ONE_LINE,
  MULTIPLE_ANCHORS: 'two anchors belong to one value',
  MULTIPLE_DOCS: 'a second document begins here; there must be one, so remove the line "---"',
  MULTIPLE_TAGS: 'two tags belong to one value',
  NON_STRING_KEY: 'a key must be a plain text; quote values that begin with {{',
  RESOURCE_EXHAUSTION: 'brackets or lines are nested too deep',
  TAB_AS_INDENT: 'a tab begins this line; YAML is indented with blanks',
  TAG_RESOLVE_FAILED: 'this tag is not known; quote texts that begin with "!"',
  UNEXPECTED_TOKEN: 'this does not belong here; quote it if it is part of a text',
}

/** @param message - the library's: one of its codes stands for two mistakes */
export const yamlWords = (code: ErrorCode, message: string): string =>
  WORDS[code === 'BAD_INDENT' && message.startsWith('Flow') ? 'MISSING_CHAR' : code]
