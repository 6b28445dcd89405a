import { styleText } from 'node:util'

import type { EventName, FieldValue, LogRecord } from './names.ts'

const size = (bytes: unknown): string => {
  const count = Number(bytes)
  if (count < 10_000) return `${count} bytes`
  return count < 10_000_000 ? `${(count / 1e3).toFixed(0)} kB` : `${(count / 1e6).toFixed(0)} MB`
}

const plain = (value: FieldValue): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value)

type Show = (name: string) => string

/** Sentences for the events of a boot; the rest is printed as `key=value`. */
const SENTENCES: Readonly<Partial<Record<EventName, (show: Show, record: LogRecord) => string>>> = {
  'dhcp.request': (show) =>
    `${show('type')} on ${show('port')} from ${show('firmware')}, architecture ${show('architecture')}`,
  'dhcp.reply': (show) => `${show('type')}: ${show('file')}`,
  'dhcp.drop': (show) => `not answered: ${show('reason')} ${show('detail')}`,
  'tftp.start': (show) => `${show('file')} starts`,
  'tftp.progress': (show) => `${show('file')} ${show('percent')}%`,
  'tftp.end': (show, r) =>
    r['usual'] === undefined
      ? `${show('file')}: ${show('outcome')}, ${size(r['bytes'])} in ${show('durationMs')} ms${r['error'] === undefined ? '' : ` (${show('error')})`}`
      : `${show('file')}: not there, which is usual (${show('usual')})`,
  'http.script': (show, r) =>
    r['stage'] === 'facts'
      ? 'asks iPXE for more facts'
      : `script: ${show(r['profile'] ? 'profile' : 'why')}${r['code'] === undefined ? '' : ` [${show('code')}] ${show('why')}`}`,
  'http.asset': (show, r) =>
    Number(r['status']) >= 400
      ? `${show('path')}: ${show('status')}, there is no such file below the assets`
      : `${show('path')} (${size(r['bytes'])})`,
  'http.answer': (show, r) =>
    Number(r['status']) >= 400
      ? `answer ${show('answer')}: ${show('status')}, ${show('why')}`
      : `answer ${show('answer')} of ${show('profile')}`,
  'http.missing': (show) => `${show('path')}: 404, nothing answers that path`,
  'boot.stalled': (show) => `stands still: ${show('why')}`,
  'boot.report': (show) => `the installer reports: ${show('status')}`,
}

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
  const event = record.event.padEnd(13)
  // Who sits before a terminal has a clock; who collects lines of many hosts has UTC.
  const time = colour ? new Date(record.time).toTimeString().slice(0, 8) : record.time.slice(11, 19)
  const show: Show = (name) => (record[name] === undefined ? '-' : plain(record[name]))
  const said = sentence ? sentence(show, record) : rest(record)
  const who = record.mac ?? ''
  const shown = colour ? styleText(COLOURS[record.level], event, { validateStream: false }) : event
  return `${time} ${who.padEnd(17)} ${shown} ${said}`
}
