import type { Status } from '../../boot/status.ts'
import { askDaemon, type Daemon } from '../../commands/remote.ts'
import type { Explanation } from '../../explain/explain.ts'
import { simulateBoot, type SimulatedBoot } from './boot.ts'
import { Files } from './files.ts'
import { kindNamed } from './firmware.ts'
import type { Decided } from './judge.ts'

/** A machine to simulate: what firmware and iPXE say of it. */
export interface Simulated {
  readonly mac: string
  readonly uuid?: string
  /** What only iPXE says: serial number and the like. */
  readonly facts: Readonly<Record<string, string>>
}

/** A daemon against which boots are walked. */
export interface Ground {
  readonly daemon: Daemon
  readonly address: string
  readonly files: Files
}

export const groundOf = async (daemon: Daemon): Promise<Ground> => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made by `statusOf` in the daemon
  const { ports, base } = (await askDaemon(daemon, '/status')) as Status
  return { daemon, address: new URL(base).hostname, files: new Files(ports.tftp) }
}

const decidedFor = async (
  daemon: Daemon,
  kind: string,
  { mac, uuid, facts }: Simulated,
): Promise<Decided> => {
  const { architecture, facts: ofIpxe } = kindNamed(kind)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made by `explain` in the daemon
  const { steps } = (await askDaemon(daemon, '/explain', {
    ...facts,
    ...ofIpxe,
    mac,
    uuid,
    arch: String(architecture),
    stage: 'script',
  })) as Explanation
  const { profile, target, trouble } = steps.at(-1) ?? {}
  return {
    ...(profile !== undefined && { profile }),
    ...(target !== undefined && { target }),
    ...(trouble && { trouble: `the console says ${trouble.code}: ${trouble.why}` }),
  }
}

/** Walks one boot of one machine. */
export const simulateOn = async (
  { daemon, address, files }: Ground,
  kind: string,
  simulated: Simulated,
): Promise<SimulatedBoot> => {
  const { mac, uuid, facts } = simulated
  const ask = async (packet: Uint8Array, port: 67 | 4011): Promise<Uint8Array | undefined> => {
    const query = { packet: Buffer.from(packet).toString('hex'), port: String(port) }
    const answer = await askDaemon(daemon, '/explain', query)
    const reply: unknown =
      typeof answer === 'object' && answer !== null && 'reply' in answer ? answer.reply : undefined
    return typeof reply === 'string' ? Buffer.from(reply, 'hex') : undefined
  }
  const decided = await decidedFor(daemon, kind, simulated)
  const machine = { mac, ...(uuid !== undefined && { uuid: uuid.replaceAll('-', '') }) }
  const said = { ...facts, ...(uuid !== undefined && { uuid }) }
  return simulateBoot({ kind, machine, facts: said, address, files, ask, decided })
}
