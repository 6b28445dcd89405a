import type { ConfiguredMachine } from '../../boot/configured.ts'
import { askDaemon } from '../../commands/remote.ts'
import type { SimulatedBoot } from './boot.ts'
import { simulateOn, type Ground, type Simulated } from './daemon.ts'

/** One boot of one machine of the configuration. */
export interface BootOfMachine extends Omit<SimulatedBoot, 'steps'> {
  readonly machine: string
  readonly as: string
  readonly mac: string
}

/** Machines walked at once: more would measure this host and no machine. */
const AT_ONCE = 8

const FIRMWARE = ['bios', 'uefi-x64'] as const
/** Firmware of a machine whose kernel is for another CPU. */
const OF_CPU: Readonly<Partial<Record<string, string>>> = { arm64: 'uefi-arm64' }

/** For an entry that has no hardware address: a locally administered one, of no machine. */
const ANY_MAC = '02:00:00:00:00:01'

const simulatedFor = ({ macs, uuid, serial }: ConfiguredMachine): Simulated[] =>
  (macs.length === 0 ? [ANY_MAC] : macs).map((mac) => ({
    mac,
    ...(uuid !== undefined && { uuid }),
    facts: serial === undefined ? {} : { serial },
  }))

const walk = async (
  ground: Ground,
  machine: string,
  as: string,
  simulated: Simulated,
): Promise<BootOfMachine> => {
  const { steps: _steps, ...boot } = await simulateOn(ground, as, simulated)
  return { machine, as, mac: simulated.mac, ...boot }
}

/** Every firmware that a machine can have: where its kernel is for another CPU, that CPU's. */
const bootsOf = async (
  ground: Ground,
  machine: string,
  simulated: Simulated,
  as: string | undefined,
): Promise<BootOfMachine[]> => {
  const kinds = as === undefined ? FIRMWARE : [as]
  const boots = await Promise.all(kinds.map((kind) => walk(ground, machine, kind, simulated)))
  const cpu = boots.find(({ failure }) => failure?.cpu !== undefined)?.failure?.cpu
  const other = cpu === undefined ? undefined : OF_CPU[cpu]
  if (as !== undefined || other === undefined) return boots
  return [await walk(ground, machine, other, simulated)]
}

/** Walks a boot of every machine of the configuration. */
export const simulateAll = async (
  ground: Ground,
  as: string | undefined,
  onBoot: (boot: BootOfMachine) => void,
): Promise<readonly BootOfMachine[]> => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made by `configuredOf` in the daemon
  const { machines } = (await askDaemon(ground.daemon, '/configured')) as {
    readonly machines: readonly ConfiguredMachine[]
  }
  const waiting = machines.flatMap((each) =>
    simulatedFor(each).map((simulated) => ({ name: each.name, simulated })),
  )
  const done: BootOfMachine[] = []
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      // oxlint-disable-next-line no-await-in-loop -- as many at once as there are workers
      for (const boot of await bootsOf(ground, next.name, next.simulated, as)) {
        done.push(boot)
        onBoot(boot)
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return done
}
