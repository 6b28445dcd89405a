/** Blocks that answer for settings no other block knows: a network device, the SMBIOS tables, iPXE itself. */
export type Scope = 'net' | 'smbios' | 'builtin'

export interface PredefinedSetting {
  readonly name: string
  readonly type: string
  /** DHCP option, encapsulated ones as `175.200`; or the SMBIOS path. `0`: none. */
  readonly tag: number
  readonly scope?: Scope
  /** Not in Debian's build of 2019. */
  readonly recent: boolean
}

/** `1.5.0` as iPXE packs it: each part takes eight bits. */
export const packTag = (parts: readonly number[]): number =>
  parts.reduce((tag, part) => (tag << 8) | part | 0, 0)

const RECENT = new Set([
  'ntp',
  'static-routes',
  'syslog',
  'syslogs',
  'linktype',
  'cwuri',
  'cwduri',
  'sysmac',
  'memsize',
])

const row = (name: string, type: string, tag: string, scope?: Scope): PredefinedSetting => ({
  name,
  recent: RECENT.has(name),
  type,
  tag: tag === '' ? 0 : packTag(tag.split('.').map(Number)),
  ...(scope && { scope }),
})

/** In the order in which iPXE looks through them. */
const ROWS: readonly PredefinedSetting[] = [
  row('ip', 'ipv4', '175.2'),
  row('netmask', 'ipv4', '1'),
  row('gateway', 'ipv4', '3'),
  row('dns', 'ipv4', '6'),
  row('hostname', 'string', '12'),
  row('domain', 'string', '15'),
  row('dnssl', 'dnssl', '119'),
  row('next-server', 'ipv4', '175.3'),
  row('filename', 'string', '67'),
  row('root-path', 'string', '17'),
  row('dhcp-server', 'ipv4', '54'),
  row('user-class', 'string', '77'),
  row('vendor-class', 'string', '60'),
  row('ntp', 'ipv4', '42'),
  row('syslog', 'ipv4', '7'),
  row('static-routes', 'hex', '121'),
  row('mtu', 'int16', '26'),
  row('syslogs', 'string', '175.85'),
  row('ip6', 'ipv6', ''),
  row('username', 'string', '175.190'),
  row('password', 'string', '175.191'),
  row('reverse-username', 'string', '175.192'),
  row('reverse-password', 'string', '175.193'),
  row('initiator-iqn', 'string', '203'),
  row('san-drive', 'uint8', '175.189'),
  row('san-retries', 'int8', '175.187'),
  row('san-filename', 'string', '175.188'),
  row('keep-san', 'int8', '175.8'),
  row('skip-san-boot', 'int8', '175.9'),
  row('priority', 'int8', '175.1'),
  row('scriptlet', 'string', '175.81'),
  row('cert', 'hex', '175.91'),
  row('privkey', 'hex', '175.92'),
  row('trust', 'hex', '175.90'),
  row('crosscert', 'string', '175.93'),
  row('uid', 'int32', '175.194'),
  row('gid', 'int32', '175.195'),
  row('mac', 'hex', '', 'net'),
  row('hwaddr', 'hex', '', 'net'),
  row('bustype', 'string', '', 'net'),
  row('busloc', 'uint32', '', 'net'),
  row('busid', 'hex', '', 'net'),
  row('chip', 'string', '', 'net'),
  row('ifname', 'string', '', 'net'),
  row('linktype', 'string', '', 'net'),
  row('uuid', 'uuid', '1.8.16', 'smbios'),
  row('manufacturer', 'string', '1.4.0', 'smbios'),
  row('product', 'string', '1.5.0', 'smbios'),
  row('serial', 'string', '1.7.0', 'smbios'),
  row('asset', 'string', '3.8.0', 'smbios'),
  row('board-serial', 'string', '2.7.0', 'smbios'),
  row('errno', 'uint32', '', 'builtin'),
  row('buildarch', 'string', '', 'builtin'),
  row('platform', 'string', '', 'builtin'),
  row('version', 'string', '', 'builtin'),
  row('unixtime', 'uint32', '', 'builtin'),
  row('cwuri', 'string', '', 'builtin'),
  row('cwduri', 'string', '', 'builtin'),
  row('sysmac', 'hex', '', 'builtin'),
  row('memsize', 'int32', '', 'builtin'),
]

const byName = (rows: readonly PredefinedSetting[]): ReadonlyMap<string, PredefinedSetting> =>
  new Map(rows.map((setting) => [setting.name, setting]))

export const PREDEFINED: ReadonlyMap<string, PredefinedSetting> = /* @__PURE__ */ byName(ROWS)

/** Those of Debian's build. */
export const PREDEFINED_OF_2019: ReadonlyMap<string, PredefinedSetting> = /* @__PURE__ */ byName(
  ROWS.filter((setting) => !setting.recent),
)
