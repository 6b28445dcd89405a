import type { NetBoot } from './records.ts'

/** `/boot.ipxe`: asks for the script of the machine that runs it. */
export const BOOT_SCRIPT = `#!ipxe
chain ipxe?uuid=\${uuid}&mac=\${mac:hexhyp}&domain=\${domain}&hostname=\${hostname}&serial=\${serial}&arch=\${buildarch:uristring}
`

/** `/ipxe`. Nothing is escaped: profiles carry iPXE's own words and variables. */
export const ipxeScript = ({ kernel, initrd, args }: NetBoot): string =>
  [
    '#!ipxe',
    `kernel ${kernel}${args.map((arg) => ` ${arg}`).join('')}`,
    ...initrd.map((file) => `initrd ${file}`),
    'boot',
    '',
  ].join('\n')

const entry = ({ kernel, initrd, args }: NetBoot, title: string, suffix: string): string[] => [
  `menuentry "${title}" {`,
  'echo "Loading kernel"',
  `linux${suffix} "${kernel}"${args.map((arg) => ` ${arg}`).join('')}`,
  'echo "Loading initrd"',
  `initrd${suffix} ${initrd.map((file) => ` "${file}"`).join('')}`,
  '}',
]

/** `/grub` */
export const grubConfig = (boot: NetBoot): string =>
  [
    'default=0',
    'fallback=1',
    'timeout=1',
    ...entry(boot, 'CoreOS (EFI)', 'efi'),
    ...entry(boot, 'CoreOS (BIOS)', ''),
    '',
  ].join('\n')
