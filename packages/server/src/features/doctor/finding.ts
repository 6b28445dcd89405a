/** Every `code` of a finding, with whether nothing boots while it is so, or only something or sometimes. */
export const FINDINGS = {
  clock: 'error',
  'receive-buffer': 'warning',
  interface: 'error',
  mtu: 'warning',
  'port-taken': 'error',
  'data-folder': 'error',
  'data-locked': 'error',
  'disk-full': 'error',
  'disk-nearly-full': 'warning',
  'assets-hang': 'error',
  'empty-file': 'error',
  'cut-file': 'error',
  'no-kernel': 'error',
  'initrd-of-another-kernel': 'error',
  'wrong-architecture': 'error',
  unsigned: 'warning',
  'no-ipxe': 'warning',
  firewall: 'error',
  'no-address': 'error',
  'no-proxy': 'error',
  'echoed-vendor-class': 'error',
  'second-proxy': 'error',
  'foreign-boot-file': 'error',
  'foreign-next-server': 'warning',
  'second-dhcp-server': 'warning',
  'configuration-refused': 'warning',
  'configuration-wrong': 'error',
} as const satisfies Readonly<Record<string, 'error' | 'warning'>>

export type FindingCode = keyof typeof FINDINGS

/** Something that keeps machines from booting, or will. */
export interface Finding {
  readonly code: FindingCode
  /** What was seen. */
  readonly seen: string
  /** What to do. */
  readonly remedy: string
}

/** What a check came to; `unseen` says what it could not look at, and why. */
export interface Looked {
  readonly findings: readonly Finding[]
  readonly unseen?: readonly string[]
}

export const severityOf = ({ code }: Finding): 'error' | 'warning' => FINDINGS[code]

/** 0: nothing; 1: warnings; 2: something does not boot. */
export const exitCodeOf = (findings: readonly Finding[]): 0 | 1 | 2 => {
  if (findings.some((each) => severityOf(each) === 'error')) return 2
  return findings.length > 0 ? 1 : 0
}
