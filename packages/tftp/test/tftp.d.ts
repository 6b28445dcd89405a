/** What the tests and benchmarks use of the npm package `tftp`, which has no types. */
declare module 'tftp' {
  import type { EventEmitter } from 'node:events'

  interface Client {
    get(remote: string, local: string, callback: (error?: Error | null) => void): void
    put(local: string, remote: string, callback: (error?: Error | null) => void): void
  }

  interface Server extends EventEmitter {
    listen(): void
    close(): void
  }

  interface Options {
    readonly host?: string
    readonly port?: number
    readonly root?: string | undefined
    readonly denyPUT?: boolean
    readonly windowSize?: number
    readonly blockSize?: number
    readonly timeout?: number
    readonly retries?: number
  }

  export function createClient(options: Options): Client
  export function createServer(options: Options): Server
}
