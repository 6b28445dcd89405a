import { readdirSync } from 'node:fs'

import { parse, print } from '@bootwire/ipxe-script'
import { describe, expect, it } from 'vitest'

const names = readdirSync(new URL('scripts/', import.meta.url))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.slice(0, -3))

describe('the example scripts', () => {
  it.each(names)(
    '%s is written as its golden file has it, and parses without an error',
    async (name) => {
      const module: { readonly boot: { readonly text: string } } = await import(
        `./scripts/${name}.ts`
      )
      const { text } = module.boot
      await expect(text).toMatchFileSnapshot(`golden/${name}.ipxe`)
      const parsed = parse(text)
      expect(parsed.errors).toEqual([])
      expect(print(parsed)).toBe(text)
    },
  )
})
