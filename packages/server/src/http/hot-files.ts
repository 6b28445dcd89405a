import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type {
  IncomingMessage,
  OutgoingHttpHeader,
  OutgoingHttpHeaders,
  ServerResponse,
} from 'node:http'

/** Largest file kept, and all together, in bytes. */
const MAX_HOT_FILE_BYTES = 65_536
const MAX_HOT_BYTES = 64 * 1_048_576

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

const identityOf = (path: string): string | undefined => {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats && `${stats.ino} ${stats.size} ${stats.mtimeMs}`
}

/**
 * Small files that machines ask for again and again, ready to be sent: opening, reading and closing costs more than all
 * the rest of such a request. The library answers first; a change of the file is seen at the next request.
 */
export class HotFiles {
  readonly #files = new Map<string, HotFile>()
  #bytes = 0

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
    if (file.root !== root || identityOf(file.path) !== file.identity) {
      this.#forget(url)
      return undefined
    }
    response.writeHead(200, file.headers)
    response.end(file.body)
    return file
  }

  /** Keeps a file that has been answered whole, if it is small and has not changed meanwhile. */
  async remember(
    url: string,
    path: string,
    root: string,
    headerOf: (name: string) => OutgoingHttpHeader | undefined,
  ): Promise<void> {
    const size = Number(headerOf('content-length'))
    if (this.#files.has(url) || !(size <= MAX_HOT_FILE_BYTES)) return
    try {
      const identity = identityOf(path)
      const body = await readFile(path)
      if (identity === undefined || identityOf(path) !== identity || body.length !== size) return
      // A file whose ending says nothing has no type; writeHead takes no header without a value.
      const kept = Object.fromEntries(
        KEPT.flatMap((name) => {
          const value = headerOf(name)
          return value === undefined ? [] : [[name, value]]
        }),
      )
      this.#files.set(url, { path, root, identity, body, headers: kept })
      this.#bytes += body.length
      this.#makeRoom()
    } catch {
      // it is gone or not readable any more: the library says so to whoever asks next
    }
  }

  #forget(url: string): void {
    this.#bytes -= this.#files.get(url)?.body.length ?? 0
    this.#files.delete(url)
  }

  #makeRoom(): void {
    for (const url of this.#files.keys()) {
      if (this.#bytes <= MAX_HOT_BYTES) return
      this.#forget(url)
    }
  }
}
