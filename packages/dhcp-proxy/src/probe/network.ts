import { setTimeout as sleep } from 'node:timers/promises'

import { CLIENT_PORT, PXE_PORT, SERVER_PORT } from '../clients/dhcp-ports.ts'
import type { Datagram } from '../clients/index.ts'
import { addressBytes, BROADCAST, sameBytes } from '../clients/wire.ts'
import { DhcpError } from '../errors.ts'
import { nodeUdp, type UdpSocket, type UdpTransport } from '../server/udp.ts'
import type { Exchange, Heard } from './rehearse.ts'

const BROADCAST_FLAG_AT = 10
const CIADDR_AT = 12
const GIADDR_AT = 24
const HOPS_AT = 3

const isSame = (one: Datagram, other: Datagram): boolean =>
  one.from.address === other.from.address && sameBytes(one.payload, other.payload)

const ignore = (): void => {}

const listenError = (port: number, error: unknown): DhcpError => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const why =
    code === 'EACCES'
      ? 'ports below 1024 need a privilege: run it as root'
      : code === 'EADDRINUSE'
        ? `another program holds it, a DHCP client or server of this host: stop it, or probe from another host`
        : String(error)
  return new DhcpError('ERR_DHCP_LISTEN', `cannot use UDP port ${port}: ${why}`, { cause: error })
}

/** The sockets of a probe, open until it is closed. */
export interface ProbeNetwork {
  readonly exchange: Exchange
  close(): Promise<void>
}

export interface ProbeTimes {
  /** How long to listen for offers. */
  readonly offersMs: number
  /** How long to wait for a boot server on port 4011. */
  readonly bootServerMs: number
  /** A server to ask as a relay agent does. Default: none, by broadcast. */
  readonly relay?: string | undefined
}

/**
 * Opens what a probe needs. A socket bound to an address hears no broadcasts, and one bound to none cannot choose the
 * interface it sends from: so one hears, and others send and hear unicasts.
 */
export const openProbeNetwork = async (
  address: string,
  times: ProbeTimes,
  transport: UdpTransport = nodeUdp,
): Promise<ProbeNetwork> => {
  let hear: (datagram: Datagram) => void = ignore
  /** @param as the client's port that it stands for */
  const open = async (at: string, port: number, as: number): Promise<UdpSocket> => {
    try {
      return await transport.open({
        address: at,
        port,
        broadcast: true,
        onMessage: (payload, from) =>
          hear({
            from: { address: from.address, port: from.port },
            to: { address: at, port: as },
            payload: Uint8Array.from(payload),
          }),
        onError: () => {}, // an ICMP error for one datagram: the silence that follows says the same
      })
    } catch (error) {
      throw listenError(port, error)
    }
  }
  const sockets: UdpSocket[] = []
  const close = async (): Promise<void> => {
    await Promise.all(sockets.map((socket) => socket.close()))
  }
  const { relay } = times
  try {
    for (const [at, port, as] of [
      ['0.0.0.0', CLIENT_PORT, CLIENT_PORT],
      [address, CLIENT_PORT, CLIENT_PORT],
      // Boot servers answer the port that asks: 4011 itself may be a boot server's, on this very host.
      [address, 0, PXE_PORT],
      ...(relay === undefined ? [] : ([[address, SERVER_PORT, CLIENT_PORT]] as const)),
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- in this order
      sockets.push(await open(at, port, as))
    }
  } catch (error) {
    await close()
    throw error
  }
  const [, client, pxe, relayed] = sockets

  const exchange: Exchange = async (question, stage) => {
    const payload = Uint8Array.from(question.payload)
    // Servers must not unicast an offer to an address that nobody has, and boot servers answer the host that asks.
    const isRelayed = relayed !== undefined && stage === 'discover'
    if (isRelayed) {
      payload[HOPS_AT] = 1
      payload.set(addressBytes(address), GIADDR_AT)
    } else if (stage === 'discover') payload[BROADCAST_FLAG_AT]! |= 0x80
    else payload.set(addressBytes(address), CIADDR_AT)
    const heard: Heard[] = []
    const sinceMs = performance.now()
    const xid = payload.subarray(4, 8).toString()
    const chaddr = payload.subarray(28, 44).toString()
    hear = (datagram) => {
      const isReply = datagram.payload[0] === 2
      if (!isReply || datagram.payload.subarray(4, 8).toString() !== xid) return
      if (datagram.payload.subarray(28, 44).toString() !== chaddr) return
      // Two cards on one network hear each broadcast twice.
      if (heard.some((one) => isSame(one.datagram, datagram))) return
      heard.push({ afterMs: Math.round(performance.now() - sinceMs), datagram })
    }
    const own = question.from.port === PXE_PORT ? pxe! : client!
    const socket = isRelayed ? relayed : own
    const server = isRelayed && relay !== undefined ? relay : BROADCAST
    const to = stage === 'discover' ? { address: server, port: question.to.port } : question.to
    await new Promise<void>((resolve, reject) => {
      socket.send(payload, to, (error) => {
        if (error)
          reject(
            new DhcpError('ERR_DHCP_LISTEN', `cannot send from ${address}: ${error.message}`, {
              cause: error,
            }),
          )
        else resolve()
      })
    })
    await sleep(stage === 'discover' ? times.offersMs : times.bootServerMs)
    hear = ignore
    return heard
  }
  return { exchange, close }
}
