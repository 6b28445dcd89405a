// The same as one line, under BIOS and UEFI.
import { recipes, script } from '@bootwire/ipxe-script'

export const boot = script(
  recipes
    .kickstart({
      repo: 'http://mirror.example/centos/6/os/x86_64',
      repoArgument: 'method',
      args: ['ramdisk_size=8192 console=ttyS0,115200 text'],
    })
    .orExit(),
)
