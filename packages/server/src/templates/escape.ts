import { ServerError } from '../model/errors.ts'
import type { AnswerFormat } from '../model/types.ts'

// oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/

const refuse = (text: string, format: AnswerFormat, why: string): never => {
  throw new ServerError(
    'ERR_SERVER_TEMPLATE',
    `the value ${JSON.stringify(text.slice(0, 80))} cannot stand in ${format}: ${why}`,
  )
}

const oneLine = (text: string, format: AnswerFormat): string =>
  CONTROL.test(text) ? refuse(text, format, 'it has line breaks or control characters') : text

/** A shell word: as it is where that is safe, else in single quotes, in which only the quote itself is special. */
const shellWord = (text: string, format: AnswerFormat): string => {
  const line = oneLine(text, format)
  return /^[\w@%+=:,./-]+$/.test(line) ? line : `'${line.replaceAll("'", String.raw`'\''`)}'`
}

/** A YAML scalar: plain where it stays a text or number on its own, else double-quoted, which JSON's quoting is. */
const yamlScalar = (text: string): string =>
  /^[A-Za-z0-9_./](?:[\w ./@+-]|:(?! |$))*$/.test(text) && !text.endsWith(' ')
    ? text
    : JSON.stringify(text)

const XML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Escapes one value for the place where templates of this format print it. */
export const escapeFor = (format: AnswerFormat, text: string): string => {
  switch (format) {
    case 'kickstart':
    case 'shell':
      return shellWord(text, format)
    case 'preseed':
      // debconf takes the rest of the line as the value; a backslash at its end would join the next line to it.
      return text.endsWith('\\')
        ? refuse(text, format, 'it ends with a backslash')
        : oneLine(text, format)
    case 'cloud-init':
    case 'yaml':
      return yamlScalar(text)
    case 'json':
    case 'ignition':
      // Templates write the quotes themselves: "hostname": "{{ name }}".
      return JSON.stringify(text).slice(1, -1)
    case 'xml':
      return oneLine(text, format).replaceAll(
        /[&<>"']/g,
        (character) => XML[character] ?? character,
      )
    case 'ipxe':
      // `${` expands, `&&`, `||` and `;` end a command, blanks end a word.
      return /^[\w@%+=:,./?&[\]~-]*$/.test(text) && !text.includes('&&')
        ? text
        : refuse(text, format, 'iPXE would read it as more than one plain word')
    default:
      return oneLine(text, format)
  }
}

/** Content types as installers expect them; all text is UTF-8. */
export const CONTENT_TYPES: Readonly<Record<AnswerFormat, string>> = {
  kickstart: 'text/plain; charset=utf-8',
  preseed: 'text/plain; charset=utf-8',
  shell: 'text/x-shellscript; charset=utf-8',
  'cloud-init': 'text/cloud-config; charset=utf-8',
  yaml: 'application/yaml; charset=utf-8',
  ignition: 'application/vnd.coreos.ignition+json; charset=utf-8',
  json: 'application/json; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  ipxe: 'text/plain; charset=utf-8',
  text: 'text/plain; charset=utf-8',
}
