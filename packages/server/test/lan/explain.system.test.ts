import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import { NETWORK } from './bed.ts'
import type { Packet } from './capture.ts'
import { exchangesOf } from './exchanges.ts'
import { Lan } from './lan.ts'
import type { Machine } from './machine.ts'
import { BOOTED, KERNEL_ARGS } from './payload.ts'
import { wireStory } from './story.ts'

const MAC = '52:54:00:dd:00:01'
const SERIAL = 'SN-4711'

const CONFIG = `
assets: assets
profiles:
  payload:
    kernel: vmlinuz
    initrd: initrd.img
    args: ${KERNEL_ARGS} quiet serial={{ serial }}
machines:
  explained: { mac: "${MAC}", profile: payload }
`

/** Of the captured packets, what `/explain?packet=` says of each DHCP question, beside what came back on the wire. */
interface Explained {
  readonly said: string | undefined
  readonly sent: string | undefined
}

const isQuestion = ({ protocol, targetPort, payload }: Packet): boolean =>
  protocol === 'udp' && [67, 4011].includes(targetPort) && payload[0] === 1

const isOurAnswer = ({ source, sourcePort }: Packet): boolean =>
  source === NETWORK.boot && [67, 4011].includes(sourcePort)

const DATA = 3
const isOurTftpData = ({ protocol, source, sourcePort, payload }: Packet): boolean =>
  protocol === 'udp' &&
  source === NETWORK.boot &&
  sourcePort > 4011 &&
  payload.readUInt16BE(0) === DATA

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

interface ExplainedStep {
  readonly stage: string
  readonly text?: string
  readonly bytes?: number
  readonly bootFile?: string
}

const FACTS = ['--mac', MAC, '--serial', SERIAL, '--json']

describeSystem('what bootwire says of a boot, beside a real one', () => {
  let lan: Lan
  let machine: Machine
  let packets: readonly Packet[]
  let explained: readonly ExplainedStep[]
  beforeAll(async () => {
    lan = await Lan.create({ config: CONFIG })
    machine = lan.powerOn({ firmware: 'bios-pxe', mac: MAC, serial: SERIAL })
    await machine.prints(BOOTED)
    await machine.powersOff()
    packets = await lan.packets(machine)
    const answer: { steps: ExplainedStep[] } = JSON.parse(
      await lan.daemon.command('explain', ['--arch', 'bios', ...FACTS]),
    )
    explained = answer.steps
  })
  afterAll(async () => {
    await lan.close()
  })

  const explainPacket = async (question: Packet): Promise<Explained> => {
    const { payload, targetPort } = question
    const query = `port=${targetPort}&packet=${payload.toString('hex')}`
    const socket = ['--unix-socket', join(lan.bed.folder, 'data', 'admin.sock')]
    const answer: { reply?: string } = JSON.parse(
      await lan.bed.run('boot', 'curl', [...socket, '-sS', '--fail', `http://x/explain?${query}`]),
    )
    const later = packets.slice(packets.indexOf(question) + 1)
    const next = later.findIndex(isQuestion)
    const sent = later.slice(0, next < 0 ? undefined : next).find(isOurAnswer)
    return { said: answer.reply, sent: sent?.payload.toString('hex') }
  }

  it('explains every DHCP packet to the byte', async () => {
    const answers: Explained[] = []
    for (const question of packets.filter(isQuestion)) answers.push(await explainPacket(question))
    expect(answers.map(({ said }) => said)).toEqual(answers.map(({ sent }) => sent))
    // The ROM's DISCOVER and iPXE's; their REQUESTs are for the main server, and so unanswered by both.
    expect(answers.filter(({ sent }) => sent !== undefined)).toHaveLength(2)
    expect(answers.length).toBeGreaterThan(2)
  })

  it('explains every script to the byte', () => {
    const bodies = exchangesOf(packets, 8080)
      .filter(({ target }) => target.startsWith('/script'))
      .map(({ body }) => body.toString())
    const scripts = explained.filter(({ stage }) => stage === 'script')
    expect(bodies).toEqual(scripts.map(({ text }) => text))
    expect(bodies).toHaveLength(2)
  })

  it('explains which boot file comes by TFTP', () => {
    // A block may be on the wire twice: the emulator is slow when the host is busy.
    const blocks = new Map(
      packets
        .filter(isOurTftpData)
        .map(({ payload }) => [payload.readUInt16BE(2), payload.subarray(4)] as const),
    )
    const received = Buffer.concat([...blocks.values()])
    const { bootFile } = explained.find(({ stage }) => stage === 'dhcp')!
    expect(sha256(received)).toBe(sha256(readFileSync(`/usr/lib/ipxe/${bootFile}`)))
    expect(explained.find(({ stage }) => stage === 'tftp')!.bytes).toBe(received.length)
  })

  it('says in status that the kernel and its initrd were loaded', async () => {
    const status: { machines: { mac: string; outcome: string; because?: string }[] } = JSON.parse(
      await lan.daemon.command('status', ['--json']),
    )
    const row = status.machines.find(({ mac }) => mac === MAC)
    expect(row).toMatchObject({ outcome: 'loaded' })
    expect(row?.because).toBeUndefined()
  })

  it('simulates a boot that fetches what the real machine fetched', async () => {
    const simulated: { ok: boolean; steps: { stage: string; text: string }[] } = JSON.parse(
      await lan.daemon.command('simulate', ['--as', 'bios', ...FACTS]),
    )
    expect(simulated.ok).toBe(true)
    const fetched = simulated.steps
      .filter(({ stage }) => stage === 'tftp' || stage === 'http')
      .map(({ text }) => new URL(text.split(': ')[0]!).pathname)
    const asked = wireStory(await lan.steps(machine)).filter((what) => /^(?:RRQ|GET) /.test(what))
    expect(fetched).toEqual(asked.map((what) => what.replace(/^(?:RRQ |GET \/)/, '/')))
  })
})
