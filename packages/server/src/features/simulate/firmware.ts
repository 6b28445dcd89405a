import {
  biosRom,
  edk2Http,
  edk2Pxe,
  ipxe,
  mainDhcpServer,
  simulate,
  type ClientModel,
  type Datagram,
  type Machine,
  type Simulation,
} from '@bootwire/dhcp-proxy/clients'

/** Kinds of machines that can be simulated, each a model of real firmware. */
export const MODELS: Readonly<Record<string, (machine: Machine) => ClientModel>> = {
  bios: (machine) => biosRom(machine),
  'uefi-x64': (machine) => edk2Pxe({ ...machine, architecture: 7 }),
  'uefi-arm64': (machine) => edk2Pxe({ ...machine, architecture: 11 }),
  'uefi-ia32': (machine) => edk2Pxe({ ...machine, architecture: 6 }),
  'http-x64': (machine) => edk2Http({ ...machine, architecture: 16 }),
}

/** iPXE as it runs after this kind of firmware. */
export const ipxeAfter = (kind: string, machine: Machine): ClientModel => {
  const architectures: Readonly<Record<string, number>> = {
    bios: 0,
    'uefi-ia32': 6,
    'uefi-arm64': 11,
  }
  return ipxe({ ...machine, architecture: architectures[kind] ?? 7 })
}

/** Asks the real daemon for its reply to one packet; undefined where it stays silent. */
export type AskDhcp = (packet: Uint8Array, port: 67 | 4011) => Promise<Uint8Array | undefined>

const keyOf = (payload: Uint8Array, port: number): string =>
  `${port} ${Buffer.from(payload).toString('hex')}`

/** Most different packets of one simulation: firmware repeats itself long before. */
const MAX_PACKETS = 64

/**
 * Runs a client model, with a virtual main DHCP server beside the daemon. Models take answers at once and the daemon
 * takes its time: so what it says is remembered, and the simulation run again until every packet has its answer.
 */
export const simulateWith = async (
  client: () => ClientModel,
  address: string,
  ask: AskDhcp,
): Promise<Simulation> => {
  const known = new Map<string, Uint8Array | undefined>()
  for (let round = 0; round < MAX_PACKETS; round++) {
    let missing: { readonly payload: Uint8Array; readonly port: 67 | 4011 } | undefined
    const answer = (datagram: Datagram) => {
      const port = datagram.to.port === 4011 ? 4011 : 67
      const key = keyOf(datagram.payload, port)
      if (!known.has(key)) missing ??= { payload: datagram.payload, port }
      const payload = known.get(key)
      if (!payload) return []
      const from = { address, port }
      const to = port === 4011 ? datagram.from : { address: '255.255.255.255', port: 68 }
      return [{ from, to, payload }]
    }
    const main = mainDhcpServer()
    const result = simulate({ client: client(), servers: [main, { address, answer }] })
    if (!missing) return result
    known.set(keyOf(missing.payload, missing.port), await ask(missing.payload, missing.port))
  }
  throw new Error(`the simulated machine sent more than ${MAX_PACKETS} different packets`)
}
