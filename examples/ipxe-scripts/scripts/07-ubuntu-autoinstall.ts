// Ubuntu's autoinstall: the semicolon is an ordinary character inside a word.
import { recipes, script } from '@bootwire/ipxe-script'

export const boot = script(
  recipes
    .linux({
      kernel: 'http://boot.example/ubuntu/vmlinuz',
      initrds: ['http://boot.example/ubuntu/initrd'],
      args: [
        'ip=dhcp url=http://boot.example/ubuntu/live.iso autoinstall ds=nocloud-net;s=http://boot.example/seed/',
      ],
    })
    .orExit(),
)
