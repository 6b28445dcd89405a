import { statSync, type Stats } from 'node:fs'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** Largest file kept, and all together, in bytes. */
export const MAX_HOT_FILE_BYTES = 65_536
const MAX_HOT_BYTES = 64 * 1_048_576
/** What an entry takes besides its body and its URL, about. */
const ENTRY_BYTES = 1024

/** A file that has just been read. The stats are from before that, so that a later change is seen. */
interface SmallFile {
  readonly path: string
  readonly root: string
  readonly stats: Stats
  readonly body: Buffer
}

interface HotFile {
  readonly path: string
  readonly root: string
  readonly identity: string
  readonly body: Buffer
  readonly headers: OutgoingHttpHeaders
}

/** Headers of the first answer that hold for every later one. */
const KEPT = [
  'content-type',
  'content-length',
  'etag',
  'last-modified',
  'accept-ranges',
  'cache-control',
]

const identityOf = (stats: Stats | undefined): string =>
  stats === undefined ? '' : `${stats.ino} ${stats.size} ${stats.mtimeMs}`

/** Anybody can ask for one file by any number of URLs, with another query each. */
const costOf = (url: string, body: Buffer): number => body.length + url.length + ENTRY_BYTES

/**
 * Small files that machines ask for again and again, ready to be sent: opening, reading and closing costs more than all
 * the rest of such a request. The library answers first; a change of the file is seen at the next request.
 */
export class HotFiles {
  readonly #files = new Map<string, HotFile>()
  #bytes = 0

  get size(): number {
    return this.#files.size
  }

  /** Answers a plain GET of a file that is kept; false: somebody else has to. */
  serve(
    request: IncomingMessage,
    response: ServerResponse,
    root: string | undefined,
  ): HotFile | undefined {
    const { url = '', method, headers } = request
    const file = method === 'GET' ? this.#files.get(url) : undefined
    if (!file) return undefined
    if (
      headers.range !== undefined ||
      headers['if-none-match'] !== undefined ||
      headers['if-modified-since'] !== undefined
    ) {
      return undefined
    }
    if (
      file.root !== root ||
      identityOf(statSync(file.path, { throwIfNoEntry: false })) !== file.identity
    ) {
      this.#forget(url)
      return undefined
    }
    response.writeHead(200, file.headers)
    response.end(file.body)
    return file
  }

  /** Keeps a small file that has just been read whole, with the headers of its answer. */
  keep(
    url: string,
    file: SmallFile,
    headers: Readonly<Record<string, number | string | string[] | undefined>>,
  ): void {
    const { path, root, stats, body } = file
    if (this.#files.has(url) || body.length !== stats.size) return
    // A file whose ending says nothing has no type; writeHead takes no header without a value.
    const kept = Object.fromEntries(
      KEPT.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
    )
    this.#files.set(url, { path, root, identity: identityOf(stats), body, headers: kept })
    this.#bytes += costOf(url, body)
    this.#makeRoom()
  }

  #forget(url: string): void {
    const file = this.#files.get(url)
    if (!file) return
    this.#bytes -= costOf(url, file.body)
    this.#files.delete(url)
  }

  #makeRoom(): void {
    for (const url of this.#files.keys()) {
      if (this.#bytes <= MAX_HOT_BYTES) return
      this.#forget(url)
    }
  }
}
