import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import { NETWORK } from './bed.ts'
import type { Packet } from './capture.ts'
import { exchangesOf } from './exchanges.ts'
import { Lan } from './lan.ts'
import { commandLineOf } from './payload.ts'

const MAC = '52:54:00:dd:00:01'
const SERIAL = 'SN-4711'

const CONFIG = `
server: { http: { admin: [${NETWORK.subnet}/24] } }
assets: assets
profiles:
  payload:
    kernel: vmlinuz
    initrd: initrd.img
    args: console=ttyS0 quiet serial={{ serial }}
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

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

describeSystem('bootwire explain', () => {
  let lan: Lan
  beforeAll(async () => {
    lan = await Lan.create({ config: CONFIG })
  })
  afterAll(async () => {
    await lan.close()
  })

  const explainPacket = async (
    packets: readonly Packet[],
    question: Packet,
  ): Promise<Explained> => {
    const { payload, targetPort } = question
    const query = `port=${targetPort}&packet=${payload.toString('hex')}`
    const url = `http://${NETWORK.boot}:8080/explain?${query}`
    const answer: { reply?: string } = JSON.parse(
      await lan.bed.run('main', 'curl', ['-sS', '--fail', url]),
    )
    const later = packets.slice(packets.indexOf(question) + 1)
    const untilNext = later.slice(0, (later.findIndex(isQuestion) + 1 || later.length + 1) - 1)
    const sent = untilNext.find(
      ({ source, sourcePort }) => source === NETWORK.boot && [67, 4011].includes(sourcePort),
    )
    return { said: answer.reply, sent: sent?.payload.toString('hex') }
  }

  it('says to the byte what a real boot is then sent', async () => {
    const machine = lan.powerOn({ firmware: 'bios-pxe', mac: MAC, serial: SERIAL })
    const command = ['--mac', MAC, '--arch', 'bios', '--serial', SERIAL, '--json']
    const {
      steps,
    }: { steps: { stage: string; text?: string; bytes?: number; bootFile?: string }[] } =
      JSON.parse(await lan.daemon.command('explain', command))
    expect(await commandLineOf(machine)).toBe(`initrd=initrd0 console=ttyS0 quiet serial=${SERIAL}`)
    await machine.powersOff()
    const packets = lan.packets(machine)

    const questions = packets.filter(isQuestion)
    const explained: Explained[] = []
    for (const question of questions) explained.push(await explainPacket(packets, question))
    expect(explained.map(({ said }) => said)).toEqual(explained.map(({ sent }) => sent))
    expect(explained.filter(({ sent }) => sent !== undefined)).toHaveLength(2)

    const scripts = exchangesOf(packets, 8080).filter(({ target }) => target.startsWith('/script'))
    const bodies = scripts.map(({ body }) => body.toString())
    expect(bodies).toEqual(steps.filter(({ stage }) => stage === 'script').map(({ text }) => text))
    expect(bodies).toHaveLength(2)

    const file = steps.find(({ stage }) => stage === 'dhcp')!.bootFile!
    const data = packets.filter(
      ({ protocol, source, sourcePort, payload }) =>
        protocol === 'udp' &&
        source === NETWORK.boot &&
        sourcePort > 4011 &&
        payload.readUInt16BE(0) === 3,
    )
    const received = Buffer.concat(data.map(({ payload }) => payload.subarray(4)))
    expect(sha256(received)).toBe(sha256(readFileSync(`/usr/lib/ipxe/${file}`)))
    expect(steps.find(({ stage }) => stage === 'tftp')!.bytes).toBe(received.length)
  })
})
