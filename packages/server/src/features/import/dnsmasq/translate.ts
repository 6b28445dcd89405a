import { classesOf, type MachineClass } from './classes.ts'
import { answersPxe, covers, decide } from './decide.ts'
import { ARCHITECTURES, HTTP_ARCHITECTURES, SLOT_OF } from './loaders.ts'
import type { DnsmasqModel, Note, TagSource } from './model.ts'
import { planBoot, type BootPlan } from './plan-boot.ts'
import { Profiles } from './profiles.ts'

type Json = Readonly<Record<string, unknown>>

/** A `bootwire.yaml` as data, and what did not come over. */
export interface Translation {
  readonly configuration: Json
  readonly notes: readonly Note[]
}

/** Tags that decide something, with those that `tag-if` makes them of. */
const decidingTags = (model: DnsmasqModel): ReadonlySet<string> => {
  const wanted = [
    ...model.services,
    ...model.hosts,
    ...model.boots,
    ...model.ignores,
    ...model.ranges,
    ...model.prompts,
  ]
  const tags = new Set(
    wanted.flatMap(({ wants }) => wants.map((want) => want.replace(/^[!#]/, ''))),
  )
  for (let before = -1; before !== tags.size;) {
    before = tags.size
    for (const { sets, wants } of model.tagIfs)
      if (sets.some((tag) => tags.has(tag)))
        for (const want of wants) tags.add(want.replace(/^[!#]/, '').replace(/\*$/, ''))
  }
  return tags
}

const unknowable = (
  { line, text, tag, condition }: TagSource,
  tags: ReadonlySet<string>,
): Note[] => {
  const isForeign = condition.kind === 'user-class' && !'iPXE'.includes(condition.contains)
  if (condition.kind !== 'unknowable' && !isForeign) return []
  const what = condition.kind === 'unknowable' ? condition.what : `user class ${condition.contains}`
  const why = `no group here tells machines apart by ${what}; taken as if no machine had the tag ${tag}`
  return [{ line, text, why, isLost: tags.has(tag) }]
}

const macTest = (octets: readonly string[]): unknown => {
  if (!octets.includes('*')) return octets.join(':')
  return { regex: `^${octets.map((octet) => (octet === '*' ? '..' : octet)).join(':')}$` }
}

/** Classes whose machines do not simply boot as those of the next wider class that is kept. */
const keptClasses = (rows: readonly Row[]): readonly Row[] => {
  const kept: Row[] = []
  for (const row of rows.toReversed()) {
    const { octets } = row.machines
    const wider = kept
      .toReversed()
      .find(({ machines }) => !machines.octets || (octets && covers(machines.octets, octets)))
    if (!wider || JSON.stringify(wider.names) !== JSON.stringify(row.names)) kept.push(row)
  }
  return kept.toReversed()
}

interface Row {
  readonly machines: MachineClass
  /** The profile of each architecture. */
  readonly names: readonly string[]
}

const groupsOf = (rows: readonly Row[], ignored: string | undefined): Json[] =>
  rows.flatMap(({ machines: { octets }, names }) =>
    [...new Set(names)].map((profile) => {
      const codes = ARCHITECTURES.filter((_code, i) => names[i] === profile)
      const arch = [...codes, ...(profile === ignored && !octets ? HTTP_ARCHITECTURES : [])]
      const who = octets ? octets.join(':').replaceAll('*', 'xx').replaceAll(':', '-') : 'all'
      const match = { ...(octets && { mac: macTest(octets) }), arch }
      return { name: `${who} ${profile}`.slice(0, 63), match, profile }
    }),
  )

const serverOf = ({ interfaces, addresses }: DnsmasqModel): Json | undefined => {
  if (interfaces.length > 1) return { interfaces }
  const [name] = interfaces
  const address = addresses[0]?.address
  if (name === undefined && address === undefined) return undefined
  return {
    ...(name !== undefined && { interface: name }),
    ...(address !== undefined && { address }),
  }
}

/** Addresses that are not taken over: one is, and that only beside at most one interface. */
const addressNotes = ({ interfaces, addresses }: DnsmasqModel): Note[] =>
  addresses.slice(interfaces.length > 1 ? 0 : 1).map(({ line, text, address }) => ({
    line,
    text,
    isLost: true,
    why: `${address} is not taken over: Bootwire serves one address, or several interfaces at whichever they have (\`server: interfaces\`)`,
  }))

/**
 * A configuration under which machines boot what dnsmasq has told them: every kind of machine that its lines tell apart is
 * decided once, and becomes a group. Pure; `isFile` looks for boot files.
 */
export const translate = (model: DnsmasqModel, isFile: (path: string) => boolean): Translation => {
  const tags = decidingTags(model)
  const notes: Note[] = model.sources.flatMap((source) => unknowable(source, tags))
  notes.push(...addressNotes(model))
  const proxy = model.ranges.find(({ isProxy }) => isProxy)
  if (proxy && !answersPxe(model))
    notes.push({
      line: proxy.line,
      text: proxy.text,
      isLost: true,
      why: 'as ProxyDHCP dnsmasq answers nobody without a pxe-service or pxe-prompt, so nothing boots here either; add `pxe-prompt=Boot,0` and import again to have the dhcp-boot lines',
    })
  const classes = classesOf(model)
  if (!classes)
    notes.push({
      line: 1,
      text: '',
      isLost: true,
      why: 'patterns of hardware addresses overlap in too many ways; only what all machines boot is written',
    })
  const root = model.tftpRoot
  const profiles = new Profiles()
  const ipxe: Record<string, string> = {}
  const told = new Set<string>()
  const tell = (why: string, isLost: boolean): void => {
    if (told.has(why)) return
    told.add(why)
    const [file] = [...model.services, ...model.boots].filter(({ text }) =>
      why.includes(text.split(',').at(-1) ?? text),
    )
    notes.push({ line: file?.line ?? 1, text: file?.text ?? '', why, isLost })
  }
  const keepIpxe = (architecture: number, { ipxe: binary }: BootPlan): void => {
    const slot = SLOT_OF[architecture]
    if (binary === undefined || slot === undefined || root === undefined) return
    const path = `${root.replace(/\/$/, '')}/${binary}`
    if (isFile(path)) ipxe[slot] ??= path
    else
      tell(
        `there is no file ${path} on this host: the iPXE that Bootwire finds is served instead`,
        false,
      )
  }
  const rows = (classes ?? [{}]).map((machines): Row => {
    const names = ARCHITECTURES.map((architecture) => {
      const client = { architecture, ...(machines.octets && { mac: machines.octets }) }
      const [firmware, inIpxe] = [false, true].map((isIpxe) => decide(model, { ...client, isIpxe }))
      const plan = planBoot(architecture, firmware!, inIpxe!, root)
      for (const why of plan.lost) tell(why, true)
      keepIpxe(architecture, plan)
      return profiles.nameOf(plan.profile)
    })
    return { machines, names }
  })
  const groups = groupsOf(keptClasses(rows), profiles.ignored)
  if (profiles.hasPaths && root === undefined)
    notes.push({
      line: 1,
      text: '',
      isLost: true,
      why: 'boot files have no tftp-root; name their folder as `assets`',
    })
  const server = serverOf(model)
  return {
    configuration: {
      ...(server && { server }),
      ...(root !== undefined && profiles.hasPaths && { assets: root }),
      ...(Object.keys(ipxe).length > 0 && { ipxe }),
      profiles: profiles.all,
      groups,
    },
    notes,
  }
}
