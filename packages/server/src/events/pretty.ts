import { styleText } from 'node:util'

import type { FieldValue, LogRecord } from './names.ts'

const size = (bytes: unknown): string => {
  const count = Number(bytes)
  if (count < 10_000) return `${count} bytes`
  return count < 10_000_000 ? `${(count / 1e3).toFixed(0)} kB` : `${(count / 1e6).toFixed(0)} MB`
}

/** Sentences for the events of a boot; the rest is printed as `key=value`. */
const SENTENCES: Readonly<Record<string, (record: LogRecord) => string>> = {
  'dhcp.request': (r) =>
    `${r['type']} on ${r['port']} from ${r['firmware']}${r['architecture'] === undefined ? '' : ` (${r['architecture']})`}`,
  'dhcp.reply': (r) => `${r['type']}: ${r['file'] ?? 'no boot file'}`,
  'dhcp.drop': (r) => `not answered: ${r['reason']}`,
  'tftp.start': (r) => `${r['file']} starts`,
  'tftp.progress': (r) => `${r['file']} ${r['percent']}%`,
  'tftp.end': (r) => `${r['file']}: ${r['outcome']}, ${size(r['bytes'])} in ${r['durationMs']} ms`,
  'http.script': (r) => `script: ${r['profile'] ?? r['stage']}`,
  'http.asset': (r) => `${r['path']} (${size(r['bytes'])})`,
  'http.answer': (r) => `answer ${r['answer']} of ${r['profile']}`,
  'boot.report': (r) => `the installer reports: ${r['status']}`,
}

const plain = (value: FieldValue): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value)

const rest = ({
  time: _t,
  level: _l,
  event: _e,
  boot: _b,
  mac: _m,
  ...fields
}: LogRecord): string =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${plain(value)}`)
    .join(' ')

const COLOURS = { debug: 'gray', info: 'cyan', warn: 'yellow', error: 'red' } as const

/** One line for a person: `16:22:10 52:54:00:12:34:56 tftp.end ipxe.efi: …`. */
export const pretty = (record: LogRecord, colour: boolean): string => {
  const sentence = SENTENCES[record.event]
  const name = record.event.padEnd(13)
  const time = record.time.slice(11, 19)
  const said = sentence ? sentence(record) : rest(record)
  const who = record.mac ?? ''
  const shown = colour ? styleText(COLOURS[record.level], name, { validateStream: false }) : name
  return `${time} ${who.padEnd(17)} ${shown} ${said}`
}
