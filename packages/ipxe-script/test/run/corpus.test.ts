import { expect, it } from 'vitest'

import { interpret } from '../oracle/compare.ts'
import { corpus } from '../oracle/fragments.ts'

/** What real iPXE printed for a few fragments, so that this holds without QEMU too. */
const SEEN: Readonly<Record<string, string>> = {
  'operators are left-associative': 'yes\n@@ended',
  'a comment continues too': 'seen\n@@ended',
  'replace ends its own script':
    'sub/replacer3.ipxe... ok\nbefore\nexit3.ipxe... ok\nin exit3\nCould not boot: Error 0x00000003 (http://ipxe.org/00000003)\nfailed 0x3\n@@ended',
  'boot with nothing selected':
    'No image selected\nNo image selected\nsucceeded\nNo image selected\nsucceeded\nNo image selected\nsucceeded\n@@ended',
}

it.each(Object.entries(SEEN))('prints what iPXE printed: %s', async (name, seen) => {
  const fragment = corpus().find((one) => one.name === name)!
  const [chunk] = await interpret([fragment])
  expect(chunk).toBe(`f0.ipxe... ok\n${seen}`)
})
