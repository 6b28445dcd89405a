interface FormatRow {
  /** Names of answers, or of their templates, that have this format unless told otherwise. */
  readonly names?: RegExp
  /** Content type as installers expect it; all text is UTF-8. */
  readonly type: string
}

/** Every format of answers, in the order in which their names are looked at. */
const ANSWER_FORMATS = {
  kickstart: {
    names: /(^|[./-])(ks|kickstart)(\.cfg)?$/,
    type: 'text/plain',
  },
  preseed: { names: /preseed(\.cfg)?$|\.preseed$/, type: 'text/plain' },
  'cloud-init': {
    names: /(user|vendor)-data$/,
    type: 'text/cloud-config',
  },
  ignition: {
    names: /\.ign$|ignition$/,
    type: 'application/vnd.coreos.ignition+json',
  },
  // cloud-init's meta-data and network-config have no first line that says what they are.
  yaml: { names: /\.ya?ml$|(^|[./-])(meta-data|network-config)$/, type: 'application/yaml' },
  json: { names: /\.json$/, type: 'application/json' },
  toml: { names: /\.toml$/, type: 'application/toml' },
  xml: { names: /\.xml$/, type: 'application/xml' },
  ipxe: { names: /\.ipxe$/, type: 'text/plain' },
  shell: { names: /\.sh$/, type: 'text/x-shellscript' },
  text: { type: 'text/plain' },
} as const satisfies Readonly<Record<string, FormatRow>>

/** What a rendered answer is, and so how values are escaped in it and which content type it has. */
export type AnswerFormat = keyof typeof ANSWER_FORMATS

const rowOf = (format: AnswerFormat): FormatRow => ANSWER_FORMATS[format]

/** The names of all formats. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the table above
export const FORMAT_NAMES = Object.keys(ANSWER_FORMATS) as [AnswerFormat, ...AnswerFormat[]]

/** The `Content-Type` of an answer. */
export const contentTypeOf = (format: AnswerFormat): string =>
  `${rowOf(format).type}; charset=utf-8`

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
