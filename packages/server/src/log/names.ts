/** Every event of the log, in the order in which a boot makes them. */
export const EVENTS = [
  'ready',
  'dhcp.request',
  'dhcp.reply',
  'dhcp.drop',
  'tftp.start',
  'tftp.progress',
  'tftp.end',
  'http.script',
  'http.asset',
  'http.answer',
  'http.refused',
  'http.limited',
  'http.missing',
  'boot.report',
  'boot.stalled',
  'machine.order',
  'state.notice',
  'config.reloaded',
  'config.rejected',
  'config.restart-needed',
  'warning',
  'stopping',
] as const

export type EventName = (typeof EVENTS)[number]
export type Level = 'debug' | 'info' | 'warn' | 'error'

export type FieldValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly FieldValue[]
  | { readonly [key: string]: FieldValue }

/** Fields of an event besides time, level and event. */
export interface Fields {
  readonly boot?: string | undefined
  readonly mac?: string | undefined
  readonly [key: string]: FieldValue
}

export interface LogRecord extends Fields {
  readonly time: string
  readonly level: Level
  readonly event: EventName
}
