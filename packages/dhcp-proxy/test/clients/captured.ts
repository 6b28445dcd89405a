import { readdirSync, readFileSync } from 'node:fs'

import {
  edk2Http,
  edk2Pxe,
  ipxe,
  type ClientModel,
  type Datagram,
  type Endpoint,
} from '../../src/clients/index.ts'

/** One DHCP datagram of a capture. */
export interface CapturedDatagram extends Datagram {
  readonly atMs: number
  readonly by: 'client' | 'server'
}

/** A capture of a real client, and the model that has to do the same. */
export interface Capture {
  readonly name: string
  readonly model: () => ClientModel
  /** How {@link describeOutcome} of the model begins. */
  readonly ends: string
  /** The machine was switched off before it had given up. */
  readonly isCut: boolean
  readonly datagrams: readonly CapturedDatagram[]
}

const FOLDER = new URL('captures/', import.meta.url)

const MODELS: Readonly<Record<string, (options: object) => ClientModel>> = {
  'edk2-pxe': edk2Pxe,
  'edk2-http': edk2Http,
  ipxe,
}

const endpointOf = (text: string): Endpoint => {
  const [address, port] = text.split(':')
  return { address: address!, port: Number(port) }
}

//     250 client 0.0.0.0:68 255.255.255.255:67
//       0101...      hexadecimal
//       zeros 57     that many more bytes of zero
const datagramOf = (lines: readonly string[]): CapturedDatagram => {
  const [atMs, by, from, to] = lines[0]!.split(' ')
  const hex = lines.slice(1).filter((line) => !line.startsWith('zeros'))
  const zeros = lines.find((line) => line.startsWith('zeros'))?.split(' ')[1] ?? 0
  return {
    atMs: Number(atMs),
    by: by === 'client' ? 'client' : 'server',
    from: endpointOf(from!),
    to: endpointOf(to!),
    payload: Buffer.concat([Buffer.from(hex.join(''), 'hex'), Buffer.alloc(Number(zeros))]),
  }
}

const parseOptions = (text: string): object => {
  const options: unknown = JSON.parse(text)
  return typeof options === 'object' && options !== null ? options : {}
}

const parse = (name: string, text: string): Capture => {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const field = (word: string): string =>
    lines.find((line) => line.startsWith(`${word} `))!.slice(word.length + 1)
  const [kind, options] = field('model').split(/ (.*)/)
  const blocks: string[][] = []
  for (const line of lines) {
    if (/^\d/.test(line)) blocks.push([line])
    else if (line.startsWith('  ')) blocks.at(-1)!.push(line.trim())
  }
  return {
    name,
    model: () => MODELS[kind!]!(parseOptions(options!)),
    ends: field('ends'),
    isCut: lines.includes('cut yes'),
    datagrams: blocks.map(datagramOf),
  }
}

/** All captures, by name. */
export const captures: readonly Capture[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.txt'))
  .map((file) => parse(file.replace('.txt', ''), readFileSync(new URL(file, FOLDER), 'utf8')))
