// Debian's installer, with its answers.
import { recipes, script } from '@bootwire/ipxe-script'

export const boot = script(
  recipes
    .debianInstaller({
      base: 'http://mirror.example.org/debian/dists/bookworm/main/installer-amd64/current/images/netboot/debian-installer/amd64',
      preseed: 'http://boot.example/preseed.cfg',
      args: ['--- console=ttyS0,115200'],
    })
    .orExit(),
)
