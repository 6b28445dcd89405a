// Fedora CoreOS, installed to the first disk with an Ignition file for this machine.
import { facts, recipes, script, uri } from '@bootwire/ipxe-script'

const stream = 'http://mirror.example/fcos/stable'

export const boot = script(
  recipes
    .coreos({
      kernel: uri`${stream}/kernel`,
      initramfs: uri`${stream}/initramfs.img`,
      rootfs: uri`${stream}/rootfs.img`,
      ignition: uri`http://boot.example/ignition?serial=${facts.serial}`,
      installTo: '/dev/sda',
      args: ['console=ttyS0,115200n8'],
    })
    .orExit(),
)
