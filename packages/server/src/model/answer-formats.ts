import { parse as parseYaml } from 'yaml'

import { ServerError } from './errors.ts'

// oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/

const refuse = (text: string, format: string, why: string): never => {
  throw new ServerError(
    'ERR_SERVER_TEMPLATE',
    `the value ${JSON.stringify(text.slice(0, 80))} cannot stand in ${format}: ${why}`,
  )
}

const oneLine = (text: string, format: string): string =>
  CONTROL.test(text) ? refuse(text, format, 'it has line breaks or control characters') : text

/** A shell word: as it is where that is safe, else in single quotes, in which only the quote itself is special. */
const shellWord = (text: string, format: string): string => {
  const line = oneLine(text, format)
  return /^[\w@%+=:,./-]+$/.test(line) ? line : `'${line.replaceAll("'", String.raw`'\''`)}'`
}

/** debconf takes the rest of the line as the value; a backslash at its end would join the next line to it. */
const debconfValue = (text: string, format: string): string =>
  text.endsWith('\\') ? refuse(text, format, 'it ends with a backslash') : oneLine(text, format)

/** A YAML scalar: plain where it stays a text or number on its own, else double-quoted, which JSON's quoting is. */
const yamlScalar = (text: string): string =>
  /^[A-Za-z0-9_./](?:[\w ./@+-]|:(?! |$))*$/.test(text) && !text.endsWith(' ')
    ? text
    : JSON.stringify(text)

/** Templates write the quotes themselves: "hostname": "{{ name }}". */
const jsonText = (text: string): string => JSON.stringify(text).slice(1, -1)

const XML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

const xmlText = (text: string, format: string): string =>
  oneLine(text, format).replaceAll(/[&<>"']/g, (character) => XML[character] ?? character)

/** `${` expands, `&&`, `||` and `;` end a command, blanks end a word. */
const ipxeWord = (text: string, format: string): string =>
  /^[\w@%+=:,./?&[\]~-]*$/.test(text) && !text.includes('&&')
    ? text
    : refuse(text, format, 'iPXE would read it as more than one plain word')

interface FormatRow {
  /** Names of answers, or of their templates, that have this format unless told otherwise. */
  readonly names?: RegExp
  /** Content type as installers expect it; all text is UTF-8. */
  readonly type: string
  /** Makes one value fit for the place where a template prints it. */
  readonly escape: (text: string, format: string) => string
  /** Throws where what a template made cannot be read: an installer would act on half of it. */
  readonly parse?: (text: string) => unknown
}

/** Every format of answers, in the order in which their names are looked at. */
const ANSWER_FORMATS = {
  kickstart: {
    names: /(^|[./-])(ks|kickstart)(\.cfg)?$/,
    type: 'text/plain',
    escape: shellWord,
  },
  preseed: { names: /preseed(\.cfg)?$|\.preseed$/, type: 'text/plain', escape: debconfValue },
  'cloud-init': {
    names: /(user|meta|vendor)-data$|network-config$/,
    type: 'text/cloud-config',
    escape: yamlScalar,
    parse: parseYaml,
  },
  ignition: {
    names: /\.ign$|ignition$/,
    type: 'application/vnd.coreos.ignition+json',
    escape: jsonText,
    parse: JSON.parse,
  },
  yaml: { names: /\.ya?ml$/, type: 'application/yaml', escape: yamlScalar, parse: parseYaml },
  json: { names: /\.json$/, type: 'application/json', escape: jsonText, parse: JSON.parse },
  xml: { names: /\.xml$/, type: 'application/xml', escape: xmlText },
  ipxe: { names: /\.ipxe$/, type: 'text/plain', escape: ipxeWord },
  shell: { names: /\.sh$/, type: 'text/x-shellscript', escape: shellWord },
  text: { type: 'text/plain', escape: oneLine },
} as const satisfies Readonly<Record<string, FormatRow>>

/** What a rendered answer is, and so how values are escaped in it and which content type it has. */
export type AnswerFormat = keyof typeof ANSWER_FORMATS

const rowOf = (format: AnswerFormat): FormatRow => ANSWER_FORMATS[format]

/** The names of all formats. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the table above
export const FORMAT_NAMES = Object.keys(ANSWER_FORMATS) as [AnswerFormat, ...AnswerFormat[]]

/** Escapes one value for the place where templates of this format print it. */
export const escapeFor = (format: AnswerFormat, text: string): string =>
  rowOf(format).escape(text, format)

/** The `Content-Type` of an answer. */
export const contentTypeOf = (format: AnswerFormat): string =>
  `${rowOf(format).type}; charset=utf-8`

/** Throws where a text is none of its format. */
export const checkResult = (format: AnswerFormat, text: string): void => {
  rowOf(format).parse?.(text)
}

/** What an answer is: as the configuration says, or by the ending of its name or its template's. */
export const formatOf = (
  name: string,
  given: { readonly format?: AnswerFormat | undefined; readonly template?: string | undefined },
): AnswerFormat => {
  if (given.format) return given.format
  const plain = (given.template ?? '').replace(/\.(liquid|tmpl|template)$/, '')
  const isNamed = (format: AnswerFormat): boolean =>
    [name, plain].some((each) => rowOf(format).names?.test(each))
  return FORMAT_NAMES.find(isNamed) ?? 'text'
}
