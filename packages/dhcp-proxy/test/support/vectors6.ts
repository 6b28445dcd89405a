import { readFileSync } from 'node:fs'

import type { Dhcp6Option } from '../../src/v6/codec/index.ts'
import { hex } from './packets.ts'

/** The bytes in a file of hex: what follows `#` in a line says where they are from and what they are. */
export const vector6 = (name: string): Uint8Array => {
  const text = readFileSync(new URL(`../v6/codec/vectors/${name}.txt`, import.meta.url), 'utf8')
  return hex(text.replaceAll(/#.*/g, ''))
}

/** Options as pairs of code and hex. */
export const shown = (options: readonly Dhcp6Option[]): [number, string][] =>
  options.map(({ code, value }) => [code, Buffer.from(value).toString('hex')])
