import type { AnswerFormat, AnswerInput } from '../model/types.ts'

const ENDINGS: readonly (readonly [RegExp, AnswerFormat])[] = [
  [/(^|[./-])(ks|kickstart)(\.cfg)?$/, 'kickstart'],
  [/preseed(\.cfg)?$|\.preseed$/, 'preseed'],
  [/(user|meta|vendor)-data$|network-config$/, 'cloud-init'],
  [/\.ign$|ignition$/, 'ignition'],
  [/\.ya?ml$/, 'yaml'],
  [/\.json$/, 'json'],
  [/\.xml$/, 'xml'],
  [/\.ipxe$/, 'ipxe'],
  [/\.sh$/, 'shell'],
]

/** What an answer is: as the configuration says, or by the ending of its name or its template's. */
export const formatOf = (name: string, { format, template }: AnswerInput): AnswerFormat => {
  if (format) return format
  const plain = (template ?? '').replace(/\.(liquid|tmpl|template)$/, '')
  return ENDINGS.find(([ending]) => ending.test(name) || ending.test(plain))?.[1] ?? 'text'
}
