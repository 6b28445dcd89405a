import { chmodSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import type { BootService } from '../boot/service.ts'
import { bindError } from '../host/bind.ts'
import { createAdminApp } from '../http/admin/app.ts'
import { messageOf, ServerError } from '../model/errors.ts'
import type { NamedFeature } from '../seam/registry.ts'
import type { Started } from './started.ts'

/** Of a socket's path: the kernel takes no longer one (unix(7)). */
const MAX_SOCKET_PATH_BYTES = 107
/** Its user and group, and nobody else. */
const SOCKET_MODE = 0o660

const startSocket = async (
  service: BootService,
  features: readonly NamedFeature[],
  data: string,
  started: Started,
): Promise<string> => {
  const path = join(data, 'admin.sock')
  const bytes = Buffer.byteLength(path)
  if (bytes > MAX_SOCKET_PATH_BYTES) {
    const why = `the path of the admin socket, ${path}, has ${bytes} bytes; a socket's has at most ${MAX_SOCKET_PATH_BYTES}; give a shorter --data-dir`
    throw new ServerError('ERR_SERVER_DATA', why)
  }
  const app = createAdminApp(service, features, 'socket')
  // Left behind by one that was killed: the folder's lock says that nobody uses it.
  rmSync(path, { force: true })
  started.add(() => rmSync(path, { force: true }))
  started.add(() => app.close())
  try {
    await app.listen({ path })
    chmodSync(path, SOCKET_MODE)
  } catch (error) {
    const message = `cannot make the admin socket ${path}: ${messageOf(error)}`
    throw new ServerError('ERR_SERVER_DATA', message, { cause: error })
  }
  return path
}

/** The admin door: always a socket in the data folder, and over TCP where the configuration says so. */
export interface AdminDoor {
  readonly socket: string
  /** `http://10.0.0.5:8081` */
  readonly url?: string
}

/** Opens the admin door. */
export const startAdmin = async (
  service: BootService,
  features: readonly NamedFeature[],
  data: string,
  started: Started,
): Promise<AdminDoor> => {
  const socket = await startSocket(service, features, data, started)
  const { listen } = service.configuration.server.admin
  if (!listen) return { socket }
  const { address, port } = listen
  const app = createAdminApp(service, features, 'tcp')
  started.add(() => app.close())
  try {
    await app.listen({ host: address, port })
  } catch (error) {
    throw bindError(error, 'the admin door', 'tcp', address, port)
  }
  const bound = app.server.address()
  const used = typeof bound === 'object' && bound !== null ? bound.port : port
  return { socket, url: `http://${address}:${used}` }
}
