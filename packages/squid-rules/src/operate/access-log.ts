/** One request as Squid logged it. */
export interface LogEntry {
  readonly timeMs: number
  readonly client: string
  /** `TCP_MISS`, `TCP_MEM_HIT`, ... */
  readonly result: string
  readonly status: number
  readonly bytes: number
  readonly method: string
  readonly url: string
  /** What the helper answered; undefined where the log does not say, empty where it gave no key. */
  readonly key?: string
  /** Of `bytes`, those of the header; undefined where the log does not say. */
  readonly headerBytes?: number
}

// time elapsed client result/status bytes method URL user hierarchy/from type ["key" [header bytes]]
const NATIVE =
  /^(\d+\.\d+) +\d+ (\S+) ([A-Z_]+)\/(\d{3}) (\d+) (\S+) (\S+) \S+ \S+ \S+(?: "([^"]*)"(?: (\d+))?)?/

// client ident user [time] "METHOD URL HTTP/x" status bytes ["referer" "agent"] result:hierarchy
const COMMON =
  /^(\S+) \S+ \S+ \[([^\]]+)\] "(\S+) (\S+) \S+" (\d{3}) (\d+|-)(?: "[^"]*" "[^"]*")? ([A-Z_]+):\S+/

/** The formats that are read, for messages. */
export const LOG_FORMATS = 'squid (native), bootwire, common and combined'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `25/Nov/2024:10:00:00 +0000` */
const clfTime = (text: string): number => {
  const match = /^(\d{2})\/(\w{3})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})$/.exec(
    text,
  )
  if (!match) return 0
  const [, day, month = '', year, hour, minute, second, sign, offHours, offMinutes] = match
  const utc = Date.UTC(
    Number(year),
    MONTHS.indexOf(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  )
  const offset = (Number(offHours) * 60 + Number(offMinutes)) * 60_000
  return utc - (sign === '-' ? -offset : offset)
}

/** Undefined for a line in another format. */
export const parseLogLine = (line: string): LogEntry | undefined => {
  const native = NATIVE.exec(line)
  if (native) {
    const [, time, client = '', result = '', status, bytes, method = '', url = '', key, header] =
      native
    return {
      timeMs: Number(time) * 1000,
      client,
      result,
      status: Number(status),
      bytes: Number(bytes),
      method,
      url,
      ...(key !== undefined && { key: key === '-' ? '' : key }),
      ...(header !== undefined && { headerBytes: Number(header) }),
    }
  }
  const common = COMMON.exec(line)
  if (!common) return undefined
  const [, client = '', time = '', method = '', url = '', status, bytes, result = ''] = common
  return {
    timeMs: clfTime(time),
    client,
    result,
    status: Number(status),
    bytes: bytes === '-' ? 0 : Number(bytes),
    method,
    url,
  }
}

export const isHit = ({ result }: LogEntry): boolean => result.includes('HIT')

/** An answer that came to its end: one that a client broke off says nothing of the file's size. */
export const isWhole = ({ result, status }: LogEntry): boolean =>
  status === 200 && !/_(?:ABORTED|TIMEDOUT|FAIL)/.test(result)
