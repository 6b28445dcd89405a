// The person at the serial console can edit the kernel's arguments before the boot.
import { recipes, script, setting } from '@bootwire/ipxe-script'

const cmdline = setting('cmdline')

export const boot = script(
  recipes.editArguments({ into: cmdline, initial: ['console=ttyS0,115200n8 quiet'] }),
  recipes
    .linux({
      kernel: 'http://boot.example/vmlinuz',
      initrds: ['http://boot.example/initrd.img'],
      args: [cmdline],
    })
    .orExit(),
)
