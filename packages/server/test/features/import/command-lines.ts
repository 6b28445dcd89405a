const PROXY = ['-d', '-q']

/** As a shell hands them over: without the quotes around the texts of the menu. */
const pair = (
  architecture: string,
  [label, program]: readonly [string, string],
  [labelInIpxe, script]: readonly [string, string],
): string[] => [
  `--pxe-service=tag:#ipxe,${architecture},${label},${program}`,
  `--pxe-service=tag:ipxe,${architecture},${labelInIpxe},${script}`,
]

const MENU = ['load menu', 'http://boot.example/ks/menu.ipxe'] as const

/** The first command line of issue 20: all of x86. */
export const ISSUE_20_ALL: readonly string[] = [
  ...PROXY,
  '--port',
  '0',
  '--dhcp-range=172.26.63.0,proxy',
  '--enable-tftp',
  '--tftp-root=/var/tftp',
  '--dhcp-userclass=set:ipxe,iPXE',
  ...pair('x86PC', ['chainload bios --> ipxe', 'undionly.kpxe'], MENU),
  ...pair('BC_EFI', ['chainload bios --> ipxe', 'ipxe.efi'], MENU),
  ...pair('x86-64_EFI', ['chainload bios --> ipxe', 'ipxe.efi'], MENU),
]

/** The second one: PC BIOS only. */
export const ISSUE_20_BIOS: readonly string[] = [
  ...PROXY,
  '--dhcp-range=172.26.63.1,proxy,255.255.255.0',
  '--enable-tftp',
  '--tftp-root=/var/lib/tftpboot',
  '--dhcp-userclass=set:ipxe,iPXE',
  ...pair(
    'x86PC',
    ['PXE chainload to iPXE', 'undionly.kpxe'],
    ['iPXE', 'http://172.26.63.242:8080/boot.ipxe'],
  ),
  '--log-queries',
  '--log-dhcp',
]
