import type { Place } from './statements.ts'

/** What must be so for a client to have a tag. */
export type Condition =
  /** Its architecture, DHCP option 93; absent: that it names one. */
  | { readonly kind: 'architecture'; readonly code?: number }
  | { readonly kind: 'vendor-class' | 'user-class'; readonly contains: string }
  /** It says that it is iPXE, by option 175. */
  | { readonly kind: 'ipxe' }
  /** Its hardware address: two digits or `*` for each octet. */
  | { readonly kind: 'mac'; readonly octets: readonly string[] }
  | { readonly kind: 'always' }
  /** What cannot be told of a machine here. */
  | { readonly kind: 'unknowable'; readonly what: string }

/** A tag, and what sets it. */
export interface TagSource extends Place {
  readonly tag: string
  readonly condition: Condition
}

/** `dhcp-host`: the best one of a machine counts. */
export interface HostRow extends Place {
  readonly macs: readonly (readonly string[])[]
  readonly wants: readonly string[]
  readonly tags: readonly string[]
  readonly isIgnored: boolean
}

/** `tag-if` */
export interface TagIf extends Place {
  readonly sets: readonly string[]
  readonly wants: readonly string[]
}

/** Where a file is: another TFTP server than this host, by address or name. */
export interface Located {
  readonly file: string
  readonly server?: string
}

/** `pxe-service` */
export interface PxeService extends Place {
  readonly wants: readonly string[]
  readonly architecture: number
  readonly label: string
  readonly boots:
    | { readonly kind: 'local' }
    | { readonly kind: 'type'; readonly type: number }
    | ({ readonly kind: 'file' } & Located)
}

/** `dhcp-boot` */
export interface DhcpBoot extends Place, Located {
  readonly wants: readonly string[]
}

/** `pxe-prompt` */
export interface PxePrompt extends Place {
  readonly wants: readonly string[]
  readonly prompt: string
  readonly timeoutSeconds?: number
}

/** `dhcp-range` */
export interface DhcpRange extends Place {
  readonly wants: readonly string[]
  readonly sets?: string
  readonly isProxy: boolean
}

/** What a configuration of dnsmasq says of booting. */
export interface DnsmasqModel {
  readonly ranges: readonly DhcpRange[]
  readonly sources: readonly TagSource[]
  readonly hosts: readonly HostRow[]
  readonly tagIfs: readonly TagIf[]
  readonly ignores: readonly (Place & { readonly wants: readonly string[] })[]
  readonly services: readonly PxeService[]
  /** The last one comes first, as dnsmasq looks at them. */
  readonly boots: readonly DhcpBoot[]
  readonly prompts: readonly PxePrompt[]
  readonly interfaces: readonly string[]
  readonly addresses: readonly (Place & { readonly address: string })[]
  readonly isTftp: boolean
  readonly tftpRoot?: string
}

/** What became of a statement that is not simply taken over. */
export interface Note extends Place {
  /** What it is, what that means here, what to do. */
  readonly why: string
  /** True where machines may boot something else for it. */
  readonly isLost: boolean
}
