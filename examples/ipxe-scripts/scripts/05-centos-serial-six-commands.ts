// The same as six plain commands: the first that fails ends the script. Under BIOS only: UEFI kernels need initrd=.
import {
  boot as bootImage,
  imgargs,
  imgfree,
  initrd,
  kernel,
  script,
  set,
  setting,
  text,
  uri,
} from '@bootwire/ipxe-script'

const repo = setting('repo', 'uri')

export const boot = script(
  imgfree(),
  set(repo, 'http://mirror.example/centos/6/os/x86_64'),
  kernel(uri`${repo}/images/pxeboot/vmlinuz`).orEnd(),
  initrd(uri`${repo}/images/pxeboot/initrd.img`).orEnd(),
  imgargs('vmlinuz', 'ramdisk_size=8192 console=ttyS0,115200 text', text`method=${repo}/`).orEnd(),
  bootImage().orEnd(),
)
