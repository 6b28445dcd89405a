import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { onTestFinished } from 'vitest'

import {
  createTftpServer,
  get,
  type ClientOptions,
  type Listening,
  type ListenOptions,
  type Target,
  type TftpServer,
  type TftpServerOptions,
  type TransferRecord,
} from '../src/index.ts'
import { waitForDallyingClients } from './dallying.ts'

waitForDallyingClients()

/** Bytes that differ from block to block, the same for the same size. */
export const patternOf = (size: number): Buffer => {
  const bytes = Buffer.alloc(size)
  let state = size + 1
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    bytes[i] = state >> 16
  }
  return bytes
}

/** A folder that is gone after the test. */
export const folderWith = async (files: Readonly<Record<string, Uint8Array>>): Promise<string> => {
  const root = await mkdtemp(join(tmpdir(), 'bootwire-tftp-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(root, name), bytes)
  return root
}

/** A listening server with the records of what it did. */
export interface Running extends Listening {
  readonly server: TftpServer
  readonly records: TransferRecord[]
  /** The next record, or the one with this index once it is there. */
  readonly record: (index?: number) => Promise<TransferRecord>
}

/** Starts a server on loopback that is closed after the test. */
export const serve = async (
  options: TftpServerOptions,
  listen: ListenOptions = {},
  onTransfer: (record: TransferRecord) => unknown = () => {},
): Promise<Running> => {
  const records: TransferRecord[] = []
  const waiting = new Set<() => void>()
  const server = createTftpServer({
    ...options,
    onTransfer: (record) => {
      records.push(record)
      for (const wake of waiting) wake()
      return onTransfer(record)
    },
  })
  onTestFinished(() => server.close({ deadlineMs: 0 }))
  const bound = await server.listen({ port: 0, host: '127.0.0.1', ...listen })
  const record = (index = 0): Promise<TransferRecord> =>
    new Promise((resolve) => {
      const look = () => {
        const found = records[index]
        if (!found) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
    })
  return { ...bound, server, records, record }
}

/** Where a server on loopback keeps a file. */
export const at = (port: number, filename = 'file'): Target => ({
  host: '127.0.0.1',
  port,
  filename,
})

/** The whole of a file. */
export const read = async (
  port: number,
  filename = 'file',
  options: ClientOptions = {},
): Promise<Buffer> => (await get(at(port, filename), options)).bytes()

/** Short name of some bytes, for comparing large ones. */
export const digest = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')
