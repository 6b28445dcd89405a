import type { Status } from '../../boot/status.ts'
import { MACHINE_OPTIONS, MACHINE_USAGE, machineFacts } from '../../commands/machine-options.ts'
import { askDaemon, findDaemon, REMOTE_OPTIONS, REMOTE_USAGE } from '../../commands/remote.ts'
import { readOptions } from '../../commands/usage.ts'
import { harmless } from '../../log/harmless.ts'
import { ServerError } from '../../model/errors.ts'
import { normalizeMac } from '../../model/facts.ts'
import { simulateBoot } from './boot.ts'
import { MODELS } from './firmware.ts'

export const SIMULATE_USAGE: string = `bootwire simulate --as KIND --mac MAC [options]

Walks a whole boot against the running daemon, without a machine: DHCP by a model of real firmware, then TFTP, HTTP and
the script for real. It counts as a boot: a profile with \`once\` takes it for one. Exits 0 when something would boot.

  --as KIND             ${Object.keys(MODELS).join(', ')}
  ${MACHINE_USAGE}
  --json                the timeline as data
${REMOTE_USAGE}`

const OPTIONS = {
  ...REMOTE_OPTIONS,
  as: { type: 'string' },
  ...MACHINE_OPTIONS,
  json: { type: 'boolean' },
} as const

/** `bootwire simulate` */
export const simulateCommand = async (args: readonly string[]): Promise<number> => {
  const values = readOptions(args, OPTIONS)
  const kind = values.as ?? 'uefi-x64'
  if (!Object.hasOwn(MODELS, kind)) {
    throw new ServerError(
      'ERR_SERVER_USAGE',
      `--as ${JSON.stringify(kind)} is none of ${Object.keys(MODELS).join(', ')}`,
    )
  }
  const mac = normalizeMac(values.mac ?? '52:54:00:12:34:56')
  if (mac === undefined)
    throw new ServerError(
      'ERR_SERVER_USAGE',
      `--mac ${JSON.stringify(values.mac)} is no hardware address`,
    )
  const base = findDaemon(values)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made by `statusOf` in the daemon
  const { ports } = (await askDaemon(base, '/status')) as Status
  const { mac: _mac, ...facts } = machineFacts(values)
  const ask = async (packet: Uint8Array, port: 67 | 4011): Promise<Uint8Array | undefined> => {
    const query = { packet: Buffer.from(packet).toString('hex'), port: String(port) }
    const answer = await askDaemon(base, '/explain', query)
    const reply: unknown =
      typeof answer === 'object' && answer !== null && 'reply' in answer ? answer.reply : undefined
    return typeof reply === 'string' ? Buffer.from(reply, 'hex') : undefined
  }
  const boot = await simulateBoot({
    kind,
    machine: { mac, ...(values.uuid !== undefined && { uuid: values.uuid.replaceAll('-', '') }) },
    facts,
    address: new URL(base).hostname,
    tftpPort: ports.tftp,
    ask,
  })
  const lines = boot.steps.map(
    ({ stage, text, ms }) => `${String(ms).padStart(6)} ms  ${stage.padEnd(6)} ${harmless(text)}`,
  )
  process.stdout.write(values.json ? `${JSON.stringify(boot, null, 2)}\n` : `${lines.join('\n')}\n`)
  return boot.ok ? 0 : 1
}
