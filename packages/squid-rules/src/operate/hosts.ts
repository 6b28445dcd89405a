import type { LogEntry } from './access-log.ts'

export const isDenied = ({ result }: LogEntry): boolean => result.startsWith('TCP_DENIED')

/** The host of a request; a tunnel names only `host:port`. */
const hostOf = ({ url, method }: LogEntry): string =>
  (method === 'CONNECT' ? url : (/^[a-z]+:\/\/([^/?#]*)/i.exec(url)?.[1] ?? url)).replace(
    /:\d+$/,
    '',
  )

/** So many hosts are remembered; a scan could name any number. */
const MAX_HOSTS = 100_000

/** So many are told. */
const MAX_TOLD = 20

export const countHost = (counts: Map<string, number>, entry: LogEntry): void => {
  const host = hostOf(entry)
  if (counts.size < MAX_HOSTS || counts.has(host)) counts.set(host, (counts.get(host) ?? 0) + 1)
}

/** A host, and how many requests were for it. */
export interface HostCount {
  readonly host: string
  readonly count: number
}

/** The most frequent hosts first; a list, since an object would put a host called `0` before all others. */
export const topHosts = (counts: ReadonlyMap<string, number>): readonly HostCount[] =>
  [...counts]
    .map(([host, count]) => ({ host, count }))
    .toSorted((a, b) => b.count - a.count)
    .slice(0, MAX_TOLD)
