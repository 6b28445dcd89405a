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

interface Kind {
  readonly model: (machine: Machine) => ClientModel
  /** DHCP option 93 of iPXE on it. */
  readonly architecture: number
  /** As {@link cpuNamed} says it; BIOS starts kernels whose header names none. */
  readonly cpu: string
  /** What iPXE says of itself. */
  readonly facts: { readonly platform: 'pcbios' | 'efi'; readonly buildarch: string }
}

const efi = (
  cpu: string,
  buildarch: string,
  architecture: number,
  model: Kind['model'] = (machine) => edk2Pxe({ ...machine, architecture }),
): Kind => ({ model, architecture, cpu, facts: { platform: 'efi', buildarch } })

/** Kinds of machines that can be simulated, each a model of real firmware. */
export const KINDS: Readonly<Record<string, Kind>> = {
  bios: {
    model: (machine) => biosRom(machine),
    architecture: 0,
    cpu: 'bios',
    facts: { platform: 'pcbios', buildarch: 'i386' },
  },
  'uefi-x64': efi('x64', 'x86_64', 7),
  'uefi-arm64': efi('arm64', 'arm64', 11),
  'uefi-ia32': efi('ia32', 'i386', 6),
  'http-x64': efi('x64', 'x86_64', 7, (machine) => edk2Http({ ...machine, architecture: 16 })),
}

/** A kind by its name. */
export const kindNamed = (name: string): Kind => {
  const kind = KINDS[name]
  if (!kind) throw new Error(`there is no model "${name}"`)
  return kind
}

const CPUS: Readonly<Record<number, string>> = {
  0x8664: 'x64',
  0x14c: 'ia32',
  0xaa64: 'arm64',
  0x5064: 'riscv64',
  0x6264: 'loong64',
}

/** A CPU by the number in a PE header. */
export const cpuNamed = (machine: number): string | undefined => CPUS[machine]

/** iPXE as it runs after this kind of firmware. */
export const ipxeAfter = (kind: string, machine: Machine): ClientModel =>
  ipxe({ ...machine, architecture: kindNamed(kind).architecture })

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
