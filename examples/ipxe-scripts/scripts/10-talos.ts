// Talos Linux, and its unified kernel image where the firmware is UEFI.
import {
  boot as bootImage,
  exit,
  facts,
  goto,
  imgfree,
  iseq,
  kernel,
  label,
  recipes,
  script,
  uri,
} from '@bootwire/ipxe-script'

const base = 'http://boot.example/talos'
const efi = label('efi')

export const boot = script(
  iseq(facts.platform, 'efi').and(goto(efi)).orIgnore(),
  recipes
    .linux({
      kernel: uri`${base}/kernel-amd64`,
      initrds: [uri`${base}/initramfs-amd64.xz`],
      args: ['talos.platform=metal talos.config=http://boot.example/talos.yaml'],
    })
    .orExit(),
  exit(1),
  efi,
  imgfree(),
  kernel(uri`${base}/metal-amd64-uki.efi`).orExit(),
  bootImage().orExit(),
)
