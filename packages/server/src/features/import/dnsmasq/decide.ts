import type { Condition, DnsmasqModel, HostRow, Located, PxeService } from './model.ts'

/** What asks: the firmware of a machine, or the iPXE that it runs. */
export interface Client {
  readonly architecture: number
  /** Six octets; absent: none that the configuration names. A `*` is an octet that no line names. */
  readonly mac?: readonly string[]
  readonly isIpxe: boolean
}

export type MenuItem = Pick<PxeService, 'label' | 'boots'>

/** What dnsmasq tells a client. */
export type Decision =
  | { readonly kind: 'nothing' }
  | ({ readonly kind: 'file' } & Located)
  | {
      readonly kind: 'menu'
      readonly items: readonly MenuItem[]
      readonly prompt?: string
      /** 0: the first item at once; absent: it waits for ever. */
      readonly timeoutSeconds?: number
    }

/** Option 60 as PXE clients have it (PXE 2.1 section 2.2.3). */
const vendorClassOf = ({ architecture }: Client): string =>
  `PXEClient:Arch:${String(architecture).padStart(5, '0')}:UNDI:003016`

const holds = (condition: Condition, client: Client): boolean => {
  switch (condition.kind) {
    case 'architecture':
      return condition.code === undefined || condition.code === client.architecture
    case 'vendor-class':
      return vendorClassOf(client).includes(condition.contains)
    case 'user-class':
      return client.isIpxe && 'iPXE'.includes(condition.contains)
    case 'ipxe':
      return client.isIpxe
    case 'mac':
      return client.mac !== undefined && covers(condition.octets, client.mac)
    default:
      return condition.kind === 'always'
  }
}

/** True where every address of `inner` is one of `outer`. */
export const covers = (outer: readonly string[], inner: readonly string[]): boolean =>
  outer.every((octet, i) => octet === '*' || octet === inner[i])

/** How many octets are left open. */
export const wildcardsOf = (octets: readonly string[]): number =>
  octets.filter((octet) => octet === '*').length

/** match_netid: all that are wanted, none that is wanted not to be. */
const fits = (wants: readonly string[], tags: ReadonlySet<string>): boolean =>
  wants.every((want) => (/^[!#]/.test(want) ? !tags.has(want.slice(1)) : tags.has(want)))

/** `tag-if` may end in `*`. */
const fitsWild = (wants: readonly string[], tags: ReadonlySet<string>): boolean =>
  wants.every((want) => {
    const isNot = /^[!#]/.test(want)
    const name = isNot ? want.slice(1) : want
    const has = name.endsWith('*')
      ? [...tags].some((tag) => tag.startsWith(name.slice(0, -1)))
      : tags.has(name)
    return has !== isNot
  })

const withTagIfs = ({ tagIfs }: DnsmasqModel, given: ReadonlySet<string>): ReadonlySet<string> => {
  const tags = new Set(given)
  for (const { wants, sets } of tagIfs)
    if (fitsWild(wants, tags)) for (const tag of sets) tags.add(tag)
  return tags
}

/** The row with the fewest wildcards, the last of equals. */
const closest = (hosts: readonly HostRow[], mac: readonly string[]): HostRow | undefined => {
  const fitting = hosts.flatMap((host) => {
    const open = host.macs.filter((octets) => covers(octets, mac)).map(wildcardsOf)
    return open.length === 0 ? [] : [{ host, open: Math.min(...open) }]
  })
  return fitting.toReversed().toSorted((a, b) => a.open - b.open)[0]?.host
}

/** The `dhcp-host` that counts: one that asks for tags before all that ask for none (find_config). */
const hostFor = (
  model: DnsmasqModel,
  mac: readonly string[] | undefined,
  given: ReadonlySet<string>,
): HostRow | undefined => {
  if (!mac) return undefined
  const before = withTagIfs(model, given)
  const tagged = model.hosts.filter(({ wants }) => wants.length > 0 && fits(wants, before))
  const untagged = model.hosts.filter(({ wants }) => wants.length === 0)
  return closest(tagged, mac) ?? closest(untagged, mac)
}

/** What a client is known by: its tags, and the `dhcp-host` that counts for it. */
const known = (
  model: DnsmasqModel,
  client: Client,
): { readonly own: ReadonlySet<string>; readonly host: HostRow | undefined } => {
  const own = new Set(model.interfaces.length === 1 ? model.interfaces : [])
  for (const { tag, condition } of model.sources) if (holds(condition, client)) own.add(tag)
  const host = hostFor(model, client.mac, own)
  if (host) for (const tag of ['known', ...host.tags]) own.add(tag)
  return { own, host }
}

/** Architectures from this one on are sent to port 4011, where one item needs no menu (pxe_uefi_workaround). */
const FIRST_UEFI = 6

/** A boot file whose name has no dot gets the number of its layer. */
const fileOf = ({ file, server }: Located): Decision => ({
  kind: 'file',
  file: file.includes('.') ? file : `${file}.0`,
  ...(server !== undefined && { server }),
})

const menuOf = (
  model: DnsmasqModel,
  items: readonly PxeService[],
  tags: ReadonlySet<string>,
): Decision => {
  const prompt = model.prompts.find(({ wants }) => fits(wants, tags))
  const [first] = items
  const waits = prompt ? prompt.timeoutSeconds : items.length > 1 ? undefined : 0
  if (waits === 0 && first?.boots.kind === 'file') return fileOf(first.boots)
  return {
    kind: 'menu',
    items,
    ...(prompt && { prompt: prompt.prompt }),
    ...(waits !== undefined && waits !== 255 && { timeoutSeconds: waits }),
  }
}

/** As ProxyDHCP, dnsmasq answers nobody until a line is about PXE, whatever `dhcp-boot` says (its enable_pxe). */
export const answersPxe = ({ services, prompts }: DnsmasqModel): boolean =>
  services.length + prompts.length > 0

/** What dnsmasq 2.90 tells a client: dhcp_reply, pxe_opts and find_boot of its rfc2131.c, as far as booting goes. */
export const decide = (model: DnsmasqModel, client: Client): Decision => {
  const { own, host } = known(model, client)
  const before = withTagIfs(model, own)
  const fitting = model.ranges.filter(({ wants }) => fits(wants, before))
  const range = fitting.find(({ isProxy }) => isProxy) ?? fitting[0]
  const isIgnored =
    // A ProxyDHCP server of dnsmasq does not look at `dhcp-host=…,ignore`.
    (!range?.isProxy && host?.isIgnored === true) ||
    model.ignores.some(({ wants }) => wants.length > 0 && fits(wants, before))
  if (!range || isIgnored || (range.isProxy && !answersPxe(model))) return { kind: 'nothing' }
  const tags = withTagIfs(
    model,
    new Set([...own, ...(range.sets === undefined ? [] : [range.sets])]),
  )
  const services = model.services.filter(
    ({ architecture, wants }) => architecture === client.architecture && fits(wants, tags),
  )
  if (client.architecture >= FIRST_UEFI) {
    const [only, second] = services.flatMap(({ boots }) => (boots.kind === 'file' ? [boots] : []))
    if (only && !second) return fileOf(only)
  }
  if (services.length > 0) return menuOf(model, services, tags)
  const boot =
    model.boots.find(({ wants }) => wants.length > 0 && fits(wants, tags)) ??
    model.boots.find(({ wants }) => fits(wants, tags))
  if (!boot || boot.file === '') return { kind: 'nothing' }
  const { file, server } = boot
  return { kind: 'file', file, ...(server !== undefined && { server }) }
}
