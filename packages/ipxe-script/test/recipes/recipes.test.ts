import { describe, expect, it } from 'vitest'

import {
  debian12,
  echo,
  exit,
  facts,
  goto,
  ipxe2Bios,
  label,
  prompt,
  recipes,
  script,
  scriptFor,
  seconds,
  setting,
  shell,
} from '../../src/index.ts'
import { linesOf } from './lines-of.ts'

describe('linux', () => {
  it('names the images itself and makes initrd= agree, with imgfree first', () => {
    const failed = label('failed')
    const built = script(
      recipes
        .linux({
          kernel: 'http://boot.example/vmlinuz',
          initrds: ['http://boot.example/a.img', 'http://boot.example/b.img'],
          args: ['console=ttyS0,115200 text'],
        })
        .or(goto(failed)),
      failed,
      shell().orEnd(),
    )
    expect(linesOf(built)).toEqual([
      'imgfree',
      'kernel --name kernel http://boot.example/vmlinuz initrd=initrd0 initrd=initrd1 console=ttyS0,115200 text || goto failed',
      'initrd --name initrd0 http://boot.example/a.img || goto failed',
      'initrd --name initrd1 http://boot.example/b.img || goto failed',
      'boot || goto failed',
      ':failed',
      'shell',
    ])
  })

  it('sets a shim before boot, and can do without it where it cannot be had', () => {
    const urls = { kernel: 'http://h/k', shim: 'http://h/shimx64.efi' }
    expect(linesOf(script(recipes.linux(urls).orExit()))[2]).toBe(
      'shim http://h/shimx64.efi || exit 1',
    )
    expect(linesOf(script(recipes.linux({ ...urls, shimOptional: true }).orExit()))[2]).toBe(
      'iseq ${platform} efi && shim http://h/shimx64.efi ||',
    )
  })

  it('uses the combined initrd when a file is injected, the only one UEFI kernels find it in', () => {
    const built = script(
      recipes
        .linux({
          kernel: 'http://h/linux',
          initrds: ['http://h/initrd.gz', { uri: 'http://h/x', path: 'bin/x', mode: 0o755 }],
        })
        .orExit(),
    )
    expect(String(built)).toContain('http://h/linux initrd=initrd.magic ||')
    expect(String(built)).toContain('initrd --name initrd1 http://h/x bin/x mode=755 || exit 1')
  })
})

describe('localBoot', () => {
  it('gives UEFI firmware its turn and boots the first disk under BIOS', () => {
    expect(linesOf(script(recipes.localBoot()))).toEqual([
      'iseq ${platform} efi && exit 1 ||',
      'sanboot --no-describe --drive 0x80 || exit 1',
    ])
  })

  it('starts a loader on the disk under UEFI, and leaves that to the firmware where it fails', () => {
    const built = scriptFor(
      debian12,
      recipes.localBoot({ efiLoader: '\\EFI\\debian\\shimx64.efi' }),
    )
    expect(linesOf(built).slice(0, 2)).toEqual([
      'iseq ${platform} efi && sanboot --drive 0x0 --filename \\EFI\\debian\\shimx64.efi ||',
      'iseq ${platform} efi && exit 1 ||',
    ])
  })

  it('makes the script for unknown machines: say why, wait, go to the disk', () => {
    const built = scriptFor(
      ipxe2Bios,
      echo('This machine is', facts.mac, 'and no rule matches it'),
      prompt({ timeout: seconds(10) }, 'Booting the local disk in 10 s').orIgnore(),
      recipes.localBoot(),
    )
    expect(linesOf(built).slice(0, 2)).toEqual([
      'echo This machine is ${mac} and no rule matches it',
      'prompt --timeout 10000 Booting the local disk in 10 s ||',
    ])
  })
})

describe('retry', () => {
  it('counts in an integer setting and leaves after the last attempt', () => {
    const built = script(
      recipes.retry({ attempts: 3, otherwise: exit(1) }, recipes.linux({ kernel: 'http://h/k' })),
    )
    expect(linesOf(built)).toEqual([
      'set attempt:int32 0',
      ':retry',
      'imgfree',
      'kernel --name kernel http://h/k || goto retry-failed',
      'boot || goto retry-failed',
      'goto retry-done',
      ':retry-failed',
      'inc attempt',
      'iseq -- ${attempt} 3 && exit 1 ||',
      'sleep -- ${attempt} ||',
      'goto retry',
      ':retry-done',
    ])
  })

  it('numbers its labels when a script has two', () => {
    const block = recipes.memtest({ uri: 'http://h/m' })
    const otherwise = exit(1)
    const text = String(
      script(recipes.retry({ otherwise }, block), recipes.retry({ otherwise }, block)),
    )
    expect(text.match(/^:.*$/gm)).toEqual([
      ':retry',
      ':retry-failed',
      ':retry-done',
      ':retry-2',
      ':retry-failed-2',
      ':retry-done-2',
    ])
    expect(text).toContain('goto retry-failed-2')
  })
})

describe('menu', () => {
  it('shows entries, stores the choice and comes back after an entry that does not leave', () => {
    const built = script(
      recipes.menu(
        { title: 'Boot', default: 'disk', timeout: seconds(5), cancelled: exit(1) },
        {
          disk: { text: 'Local disk', lines: recipes.localBoot() },
          test: {
            text: 'Memory test',
            key: 'm',
            heading: 'Tools',
            when: setting('tools'),
            lines: recipes.memtest({ uri: 'http://h/m' }).orContinue(),
          },
        },
      ),
    )
    expect(linesOf(built)).toEqual([
      ':menu',
      'menu Boot',
      'item disk Local disk',
      'item --gap Tools',
      'isset -- ${tools} && item --key m test Memory test ||',
      'choose --default disk --timeout 5000 selected || exit 1',
      'goto ${selected}',
      ':disk',
      'iseq ${platform} efi && exit 1 ||',
      'sanboot --no-describe --drive 0x80 || exit 1',
      'goto menu',
      ':test',
      'imgfree',
      'kernel http://h/m || goto after',
      'boot || goto after',
      ':after',
      'goto menu',
    ])
  })
})

describe('recipes that make no sense', () => {
  it('are refused', () => {
    expect(() => recipes.menu({ title: 'Empty', cancelled: exit(1) }, {})).toThrow(
      expect.objectContaining({ code: 'ERR_IPXE_RECIPE' }),
    )
    expect(() =>
      recipes.retry({ attempts: 0, otherwise: exit(1) }, recipes.memtest({ uri: 'http://h/' })),
    ).toThrow(expect.objectContaining({ code: 'ERR_IPXE_RECIPE' }))
  })
})

describe('chaining', () => {
  it('chainWithFacts encodes what could break a URL', () => {
    expect(linesOf(script(recipes.chainWithFacts({ uri: 'http://h/boot' }).orExit()))).toEqual([
      'chain --autofree --replace http://h/boot?mac=${mac:hexhyp}&uuid=${uuid}&serial=${serial:uristring}&manufacturer=${manufacturer:uristring}&product=${product:uristring}&arch=${buildarch}&platform=${platform} || exit 1',
    ])
  })

  it('embeddedBootstrap reads a private option, and asks again for ever', () => {
    expect(linesOf(scriptFor(debian12, recipes.embeddedBootstrap()))).toEqual([
      'prompt --key 0x02 --timeout 2000 Press Ctrl-B for the iPXE shell && shell ||',
      ':again',
      'dhcp || goto failed',
      'set bootstrap-url ${175.200:string}',
      'isset -- ${bootstrap-url} && goto found ||',
      'echo The DHCP server names no script for ${mac}',
      'goto failed',
      ':found',
      'echo Booting ${bootstrap-url}',
      'chain --autofree --replace -- ${bootstrap-url} || goto failed',
      ':failed',
      'echo Trying again',
      'sleep 5 ||',
      'goto again',
    ])
  })

  it('editArguments offers the arguments for editing, and initrd= is not among them', () => {
    const cmdline = setting('cmdline')
    const built = script(
      recipes.editArguments({ into: cmdline, initial: ['quiet console=ttyS0'] }),
      recipes.linux({ kernel: 'http://h/k', initrds: ['http://h/i'], args: [cmdline] }).orExit(),
    )
    expect(linesOf(built).slice(0, 4)).toEqual([
      'set cmdline quiet console=ttyS0',
      'prompt --key e --timeout 3000 Press E to edit the kernel arguments && read cmdline ||',
      'imgfree',
      'kernel --name kernel http://h/k initrd=initrd0 ${cmdline} || exit 1',
    ])
  })
})
