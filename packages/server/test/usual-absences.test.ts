import { describe, expect, it } from 'vitest'

import { pretty } from '../src/log/pretty.ts'
import { usualAbsence } from '../src/log/usual-absences.ts'

describe('a file that is not there', () => {
  it.each([
    ['autoexec.ipxe', 'every iPXE since 2021 looks for it before it asks DHCP'],
    ['/boot/autoexec.ipxe', 'every iPXE since 2021 looks for it before it asks DHCP'],
    ['secure/revocations_sbat.efi', 'shim 16 looks for newer rules and keys'],
    ['/grub/x86_64-efi/fs.lst', 'GRUB has these modules in its image'],
  ])('is told as usual when it is %s', (file, usual) => {
    expect(usualAbsence(file)).toBe(usual)
    const time = '2026-11-26T01:02:03.000Z'
    const line = pretty({ time, level: 'info', event: 'tftp.end', file, usual }, false)
    expect(line).toContain(`${file}: not there, which is usual (${usual})`)
    expect(line).not.toMatch(/denied|error|fail/i)
  })

  it.each(['ipxe.efi', 'my-autoexec.ipxe', 'autoexec.ipxe.bak', 'secure/grubx64.efi'])(
    'is worth a look when it is %s',
    (file) => expect(usualAbsence(file)).toBeUndefined(),
  )
})
