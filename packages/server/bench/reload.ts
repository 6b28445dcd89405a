import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { encodePacket, type DhcpPacket } from '@bootwire/dhcp-proxy/codec'

import type { Measurement } from '../../../scripts/measure.ts'
import { Served, sleep, withFolder } from './rig.ts'

const GROUPS = 10_000
const INTERVAL_MS = 2

const yamlOf = (version: number): string =>
  `vars: { version: ${version} }\nprofiles: { a: { local: true } }\ngroups:\n${Array.from(
    { length: GROUPS },
    (_, i) =>
      `  - { name: g${i}, profile: a, match: { mac: "525400${i.toString(16).padStart(6, '0')}" } }`,
  ).join('\n')}\n`

const bytesOf = (text: string) => new TextEncoder().encode(text)

/** A DISCOVER whose reply comes back to where it was sent from: its sender says that it has this address. */
const discover = (i: number): Uint8Array => {
  const mac = [0x52, 0x54, 1, (i >> 16) & 255, (i >> 8) & 255, i & 255]
  const packet: DhcpPacket = {
    op: 1,
    htype: 1,
    hlen: 6,
    hops: 0,
    xid: i,
    secs: 0,
    flags: 0,
    ciaddr: '127.0.0.1',
    yiaddr: '0.0.0.0',
    siaddr: '0.0.0.0',
    giaddr: '0.0.0.0',
    chaddr: Uint8Array.from([...mac, ...Array.from({ length: 10 }, () => 0)]),
    sname: '',
    file: '',
    options: new Map([
      [53, Uint8Array.of(1)],
      [60, bytesOf('PXEClient:Arch:00000:UNDI:002001')],
      [93, Uint8Array.of(0, 0)],
    ]),
  }
  return encodePacket(packet)
}

/** Slowest DHCP answer while a configuration of 10,000 groups is loaded, against the slowest without. */
export const reload = (say: (line: string) => void): Promise<Measurement[]> =>
  withFolder(async (folder) => {
    const file = join(folder, 'boot.yaml')
    writeFileSync(file, yamlOf(0))
    const ours = await Served.start(['--config', file], folder)
    const socket = createSocket('udp4')
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    const sent = new Map<number, number>()
    let took: number[] = []
    socket.on('message', (bytes) => {
      const at = sent.get(bytes.readUInt32BE(4))
      if (at !== undefined) took.push(performance.now() - at)
    })
    let i = 0
    const timer = setInterval(() => {
      i++
      sent.set(i, performance.now())
      socket.send(discover(i), ours.ports.dhcp, '127.0.0.1')
    }, INTERVAL_MS)
    try {
      const measure = async (): Promise<{ worst: number; answers: number }> => {
        took = []
        await sleep(4000)
        return { worst: Math.max(...took), answers: took.length }
      }
      await sleep(1500)
      const quiet = await measure()
      writeFileSync(file, yamlOf(1))
      ours.child.kill('SIGHUP')
      const loading = await measure()
      say(
        `${quiet.answers} answers, slowest ${quiet.worst.toFixed(1)} ms; while loading ${loading.answers}, ${loading.worst.toFixed(1)} ms`,
      )
      const delay = Math.max(0, loading.worst - quiet.worst)
      return [
        {
          what: 'DHCP answer delayed by a reload of 10,000 groups',
          unit: 'ms',
          ours: loading.answers > 0 ? delay : Number.NaN,
          bar: { of: 'ours', is: 'at most', limit: 20 },
        },
      ]
    } finally {
      clearInterval(timer)
      socket.close()
      await ours.stop()
    }
  })
