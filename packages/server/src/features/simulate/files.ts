import { get } from '@bootwire/tftp'

import { ASKS_ONLY } from '../../seam/core-claims.ts'

/** As much of a file as tells what it is; the rest is read and counted. */
const HEAD_BYTES = 1_048_576
const FETCH_TIMEOUT_MS = 120_000

/** A file that was read to its end. */
export interface Fetched {
  readonly head: Buffer
  readonly bytes: number
}

const readAll = async (pieces: AsyncIterable<Uint8Array>): Promise<Fetched> => {
  const kept: Uint8Array[] = []
  let bytes = 0
  for await (const piece of pieces) {
    if (bytes < HEAD_BYTES) kept.push(piece)
    bytes += piece.length
  }
  return { head: Buffer.concat(kept).subarray(0, HEAD_BYTES), bytes }
}

const fetchHttp = async (url: string): Promise<Fetched> => {
  const headers = { [ASKS_ONLY]: '1' }
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) })
  if (!response.ok || !response.body) {
    await response.body?.cancel()
    throw new Error(`HTTP status ${response.status}`)
  }
  // Where it is cut short of its Content-Length, reading fails.
  return readAll(response.body)
}

const fetchTftp = async (host: string, port: number, filename: string): Promise<Fetched> => {
  const { stream } = await get(
    { host, port, filename },
    { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) },
  )
  return readAll(stream)
}

/** Fetches files, each once however many machines want it: a script, which has a query, is of one machine. */
export class Files {
  readonly #tftpPort: number
  readonly #kept = new Map<string, Promise<Fetched>>()

  constructor(tftpPort: number) {
    this.#tftpPort = tftpPort
  }

  fetch(url: string): Promise<Fetched> {
    const target = new URL(url)
    const kept = this.#kept.get(url)
    if (kept) return kept
    const fetching =
      target.protocol === 'tftp:'
        ? fetchTftp(target.hostname, this.#tftpPort, decodeURIComponent(target.pathname.slice(1)))
        : fetchHttp(url)
    if (target.search !== '') return fetching
    this.#kept.set(url, fetching)
    // What failed is tried again, as iPXE does.
    fetching.catch(() => this.#kept.delete(url))
    return fetching
  }
}
