import { describe, expect, it } from 'vitest'

import { recipes, script } from '../../src/index.ts'
import { linesOf } from './lines-of.ts'

describe('the installers', () => {
  it('kickstart: the serial CentOS install is one line, and works under UEFI', () => {
    const built = script(
      recipes
        .kickstart({
          repo: 'http://mirror.example/centos/6/os/x86_64',
          repoArgument: 'method',
          args: ['ramdisk_size=8192 console=ttyS0,115200 text'],
        })
        .orExit(),
    )
    expect(linesOf(built)).toEqual([
      'imgfree',
      'kernel --name kernel http://mirror.example/centos/6/os/x86_64/images/pxeboot/vmlinuz initrd=initrd0 method=http://mirror.example/centos/6/os/x86_64/ ramdisk_size=8192 console=ttyS0,115200 text || exit 1',
      'initrd --name initrd0 http://mirror.example/centos/6/os/x86_64/images/pxeboot/initrd.img || exit 1',
      'boot || exit 1',
    ])
  })

  it('debianInstaller asks for its answers by URL', () => {
    const text = String(
      script(
        recipes
          .debianInstaller({
            base: 'http://h/debian',
            preseed: 'http://h/preseed.cfg',
            args: ['---'],
          })
          .orEnd(),
      ),
    )
    expect(text).toContain(
      'initrd=initrd0 auto=true priority=critical preseed/url=http://h/preseed.cfg ---',
    )
  })

  it('coreos runs live with one ignition argument and installs with another', () => {
    const base = {
      kernel: 'http://h/k',
      initramfs: 'http://h/i',
      rootfs: 'http://h/r',
      ignition: 'http://h/c',
    }
    expect(String(script(recipes.coreos(base).orEnd()))).toContain('ignition.config.url=http://h/c')
    expect(String(script(recipes.coreos({ ...base, installTo: '/dev/sda' }).orEnd()))).toContain(
      'coreos.inst.install_dev=/dev/sda coreos.inst.ignition_url=http://h/c',
    )
  })

  it('windows names the files as wimboot looks for them', () => {
    const built = script(
      recipes
        .windows({
          wimboot: 'http://h/wimboot',
          bcd: 'http://h/bcd',
          bootSdi: 'http://h/s',
          bootWim: 'http://h/w',
        })
        .orEnd(),
    )
    expect(linesOf(built)).toEqual([
      'imgfree',
      'kernel http://h/wimboot',
      'initrd --name BCD http://h/bcd BCD',
      'initrd --name boot.sdi http://h/s boot.sdi',
      'initrd --name boot.wim http://h/w boot.wim',
      'boot',
    ])
  })

  it('sanboot sets who logs in and takes several paths', () => {
    const built = script(
      recipes
        .sanboot({
          targets: [
            'iscsi:192.0.2.1::::iqn.2020-01.example:a',
            'iscsi:192.0.2.2::::iqn.2020-01.example:a',
          ],
          initiator: 'iqn.2020-01.example:client',
          login: { username: 'u', password: 'p #1' },
        })
        .orExit(),
    )
    expect(linesOf(built)).toEqual([
      'set initiator-iqn iqn.2020-01.example:client',
      'set username u',
      'set password p ${}#1',
      'sanboot --drive 0x80 iscsi:192.0.2.1::::iqn.2020-01.example:a iscsi:192.0.2.2::::iqn.2020-01.example:a || exit 1',
    ])
  })
})
