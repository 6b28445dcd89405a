import { ARCHITECTURES } from '@bootwire/dhcp-proxy'
import { describe, expect, it } from 'vitest'

import { SLOTS } from '../src/model/ipxe-binaries.ts'

describe('the kinds of firmware that get an iPXE binary', () => {
  it('are those of the DHCP package’s table, under the names that it has for their binaries', () => {
    const seen = new Set<number>()
    for (const { slot, file, architectures } of SLOTS)
      for (const code of architectures) {
        const known = ARCHITECTURES.get(code)
        expect(seen.has(code), `${code} twice`).toBe(false)
        seen.add(code)
        expect(known?.platform).toBe(slot === 'bios' ? 'bios' : 'efi')
        expect(known?.ipxeBinary ?? file).toBe(file)
      }
  })

  it('say where to get a binary, each with a key of its own', () => {
    for (const { slot, whereFrom } of SLOTS) expect(`${slot} ${whereFrom}`).toMatch(/ipxe/)
    expect(new Set(SLOTS.map(({ slot }) => slot)).size).toBe(SLOTS.length)
  })
})
