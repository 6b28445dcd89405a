const PROXY = ['-d', '-q']

const pair = (architecture: string, program: string, script: string): string[] => [
  `--pxe-service=tag:#ipxe,${architecture},chainload --> ipxe,${program}`,
  `--pxe-service=tag:ipxe,${architecture},load menu,${script}`,
]

const SCRIPT = 'http://boot.example/ks/boot.ipxe'

/** The first command line of issue 20: all of x86. */
export const ISSUE_20_ALL: readonly string[] = [
  ...PROXY,
  '--port',
  '0',
  '--dhcp-range=172.26.63.0,proxy',
  '--enable-tftp',
  '--tftp-root=/var/tftp',
  '--dhcp-userclass=set:ipxe,iPXE',
  ...pair('x86PC', 'undionly.kpxe', SCRIPT),
  ...pair('BC_EFI', 'ipxe.efi', SCRIPT),
  ...pair('x86-64_EFI', 'ipxe.efi', SCRIPT),
]

/** The second one: PC BIOS only. */
export const ISSUE_20_BIOS: readonly string[] = [
  ...PROXY,
  '--dhcp-range=172.26.63.1,proxy,255.255.255.0',
  '--enable-tftp',
  '--tftp-root=/var/lib/tftpboot',
  '--dhcp-userclass=set:ipxe,iPXE',
  ...pair('x86PC', 'undionly.kpxe', 'http://172.26.63.242:8080/boot.ipxe'),
  '--log-queries',
  '--log-dhcp',
]
