/** One request as Squid logged it: its native format, or ours, which ends in the key. */
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
}

// time elapsed client result/status bytes method URL user hierarchy/from type ["key"]
const ENTRY =
  /^(\d+\.\d+) +\d+ (\S+) ([A-Z_]+)\/(\d{3}) (\d+) (\S+) (\S+) \S+ \S+ \S+(?: "([^"]*)")?/

/** Undefined for a line in another format. */
export const parseLogLine = (line: string): LogEntry | undefined => {
  const match = ENTRY.exec(line)
  if (!match) return undefined
  const [
    ,
    time = '',
    client = '',
    result = '',
    status = '',
    bytes = '',
    method = '',
    url = '',
    key,
  ] = match
  return {
    timeMs: Number(time) * 1000,
    client,
    result,
    status: Number(status),
    bytes: Number(bytes),
    method,
    url,
    ...(key !== undefined && { key: key === '-' ? '' : key }),
  }
}

export const isHit = ({ result }: LogEntry): boolean => result.includes('HIT')
