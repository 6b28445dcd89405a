import { harmlessField } from './harmless.ts'
import type { EventName, Fields, Level, LogRecord } from './names.ts'
import { pretty } from './pretty.ts'

/** Where lines go; `process.stdout` is one. */
export interface Sink {
  write(text: string): unknown
  readonly writableLength?: number
  readonly isTTY?: boolean
}

/** Most text that waits for a slow reader of the log; beyond it events are dropped, boots are not. */
const MAX_WAITING_BYTES = 4_194_304

const LEVELS: Readonly<Partial<Record<EventName, Level>>> = {
  'dhcp.drop': 'warn',
  'tftp.progress': 'debug',
  'http.refused': 'warn',
  'http.limited': 'warn',
  'http.missing': 'warn',
  'boot.stalled': 'warn',
  'state.notice': 'warn',
  'config.rejected': 'error',
  'config.restart-needed': 'warn',
  warning: 'warn',
}

/** A request that got nothing is worth a look, whoever's fault it is. */
const levelOf = (event: EventName, { status }: Fields): Level =>
  typeof status === 'number' && status >= 400 ? 'warn' : (LEVELS[event] ?? 'info')

/** Writes one line per event, and hands every event to those who listen. */
export class EventLog {
  readonly #sink: Sink | undefined
  readonly #format: 'pretty' | 'json'
  readonly #now: () => number
  readonly #listeners = new Set<(record: LogRecord) => void>()
  #dropped = 0

  /** Without a sink, those who listen are told and nothing is written. */
  constructor(sink?: Sink, format: 'pretty' | 'json' = 'json', now: () => number = Date.now) {
    this.#sink = sink
    this.#format = format
    this.#now = now
  }

  get dropped(): number {
    return this.#dropped
  }

  subscribe(listener: (record: LogRecord) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  emit(event: EventName, fields: Fields = {}): void {
    const { boot, mac, ...others } = fields
    const record: LogRecord = {
      time: new Date(this.#now()).toISOString(),
      level: levelOf(event, fields),
      event,
      ...(boot !== undefined && { boot }),
      ...(mac !== undefined && { mac }),
      ...Object.fromEntries(
        Object.entries(others)
          .filter(([, value]) => value !== undefined)
          .map(([key, value]) => [key, harmlessField(value)]),
      ),
    }
    for (const listener of this.#listeners) listener(record)
    if (!this.#sink || (this.#format === 'pretty' && record.level === 'debug')) return
    if ((this.#sink.writableLength ?? 0) > MAX_WAITING_BYTES) {
      this.#dropped++
      return
    }
    const line =
      this.#format === 'json' ? JSON.stringify(record) : pretty(record, this.#sink.isTTY ?? false)
    this.#sink.write(`${line}\n`)
  }
}
