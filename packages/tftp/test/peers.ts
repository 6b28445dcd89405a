import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { onTestFinished } from 'vitest'

import { unpackedAt } from '../../../scripts/debian.mjs'

const run = promisify(execFile)

/** Runs a client to its end; rejects when it fails. */
export const runClient = async (
  command: string,
  args: readonly string[],
  cwd: string,
  timeout = 20_000,
): Promise<void> => {
  await run(command, [...args], { cwd, timeout })
}

/** A UDP port that nobody has just now. */
export const freePort = async (): Promise<number> => {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return port
}

/** Servers that nobody here wrote. */
export const PEERS = ['tftpd-hpa', 'dnsmasq', 'atftpd', 'npm tftp'] as const
export type PeerName = (typeof PEERS)[number]

/** dnsmasq knows no other port than 69; this address of loopback is nobody else's. */
const DNSMASQ_HOST = '127.0.0.66'

const commandOf = (name: PeerName, root: string, port: number): readonly string[] => {
  switch (name) {
    case 'tftpd-hpa':
      return ['/usr/sbin/in.tftpd', '-L', '-c', '-a', `127.0.0.1:${port}`, '-u', 'root', '-s', root]
    case 'dnsmasq': {
      const quiet = [
        '--no-daemon',
        '--port=0',
        '--conf-file=/dev/null',
        '--user=root',
        '--pid-file=',
      ]
      const tftp = [
        '--enable-tftp',
        `--tftp-root=${root}`,
        `--listen-address=${DNSMASQ_HOST}`,
        '--bind-interfaces',
      ]
      return ['/usr/sbin/dnsmasq', ...quiet, ...tftp]
    }
    case 'atftpd': {
      const where = [
        '--bind-address',
        '127.0.0.1',
        '--port',
        String(port),
        '--logfile',
        '/dev/null',
      ]
      const options = ['--daemon', '--no-fork', '--user', 'root', '--group', 'root']
      return [join(unpackedAt('atftpd'), 'usr/sbin/atftpd'), ...options, ...where, root]
    }
    default:
      return [
        process.execPath,
        fileURLToPath(new URL('npm-tftp-server.mjs', import.meta.url)),
        root,
        String(port),
      ]
  }
}

const listensOn = async (host: string, port: number): Promise<void> => {
  const socket = createSocket('udp4')
  socket.on('error', () => {})
  const request = Buffer.from('\0\x01bootwire-is-it-there\0octet\0')
  const asking = setInterval(() => socket.send(request, port, host), 50)
  try {
    await once(socket, 'message', { signal: AbortSignal.timeout(10_000) })
  } finally {
    clearInterval(asking)
    socket.close()
  }
}

/** A peer that serves `root`, ended after the test. */
export interface Peer {
  readonly host: string
  readonly port: number
  /** Starts it again where it has ended. */
  readonly revive: () => Promise<void>
}

/** Starts a server on loopback. */
export const startPeer = async (name: PeerName, root: string): Promise<Peer> => {
  const host = name === 'dnsmasq' ? DNSMASQ_HOST : '127.0.0.1'
  const port = name === 'dnsmasq' ? 69 : await freePort()
  // They give up their rights, or insist on files that everybody may read.
  await chmod(root, 0o777)
  let child: ChildProcess | undefined
  const end = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  const revive = async () => {
    await end()
    const [command = '', ...args] = commandOf(name, root, port)
    child = spawn(command, args, { stdio: 'ignore' })
    await listensOn(host, port)
  }
  onTestFinished(end)
  await revive()
  return { host, port, revive }
}
