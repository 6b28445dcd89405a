// CentOS over a serial line, command by command.
import {
  boot as bootImage,
  echo,
  goto,
  imgargs,
  imgfree,
  initrd,
  kernel,
  label,
  script,
  set,
  setting,
  shell,
  text,
  uri,
} from '@bootwire/ipxe-script'

const repo = setting('repo', 'uri')
const failed = label('failed')

export const boot = script(
  imgfree(),
  set(repo, 'http://mirror.example/centos/6/os/x86_64'),
  kernel(uri`${repo}/images/pxeboot/vmlinuz`).or(goto(failed)),
  initrd(uri`${repo}/images/pxeboot/initrd.img`).or(goto(failed)),
  imgargs(
    'vmlinuz',
    'initrd=initrd.img ramdisk_size=8192 console=ttyS0,115200 text',
    text`method=${repo}/`,
  ).or(goto(failed)),
  bootImage().or(goto(failed)),
  failed,
  echo('The installer did not start'),
  shell().orEnd(),
)
