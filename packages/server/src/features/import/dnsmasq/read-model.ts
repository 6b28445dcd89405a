import { macPattern, matchCondition } from './conditions.ts'
import type { Condition, DnsmasqModel, HostRow, Located, Note, PxeService } from './model.ts'
import type { Place, Statement, Statements } from './statements.ts'
import { meaningOf } from './topics.ts'

/** Names of `pxe-service`, each at the number of its architecture. */
const ARCHITECTURES = [
  'x86PC',
  'PC98',
  'IA64_EFI',
  'Alpha',
  'Arc_x86',
  'Intel_Lean_Client',
  'IA32_EFI',
  'x86-64_EFI',
  'Xscale_EFI',
  'BC_EFI',
  'ARM32_EFI',
  'ARM64_EFI',
].map((name) => name.toLowerCase())

type Lists = {
  -readonly [Key in keyof DnsmasqModel]: DnsmasqModel[Key] extends readonly (infer Item)[]
    ? Item[]
    : DnsmasqModel[Key]
}

/** The model while it grows. */
interface Reading {
  readonly model: Lists
  readonly notes: Note[]
}

type Reader = (statement: Statement, parts: readonly string[], reading: Reading) => void

const placeOf = ({ line, text }: Statement): Place => ({ line, text })

const lost = (reading: Reading, { line, text }: Statement, why: string): void => {
  reading.notes.push({ line, text, why, isLost: true })
}

/** The tags that stand before everything else, and the rest. */
const tagsFirst = (parts: readonly string[]): { wants: string[]; rest: readonly string[] } => {
  const end = parts.findIndex((part) => !part.startsWith('tag:') && !part.startsWith('net:'))
  const cut = end < 0 ? parts.length : end
  return { wants: parts.slice(0, cut).map((part) => part.slice(4)), rest: parts.slice(cut) }
}

const isAddress = (text: string): boolean => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)

const tagOf = (part: string): string => part.replace(/^set:/, '')

/** `option=set:TAG,…`: a tag and its condition. */
const sets =
  (conditionOf: (rest: readonly string[]) => Condition): Reader =>
  (statement, parts, reading) => {
    const { line, text } = statement
    const [tag = '', ...rest] = parts
    const condition = conditionOf(rest)
    reading.model.sources.push({ line, text, tag: tagOf(tag), condition })
  }

const whole = (parts: readonly string[]): string => parts.join(',')

const range: Reader = ({ line, text }, parts, { model, notes }) => {
  if (parts.some((part) => part.includes('::'))) {
    notes.push({
      line,
      text,
      isLost: false,
      why: 'addresses of IPv6 stay with dnsmasq: leave this line there',
    })
    return
  }
  const { wants, rest } = tagsFirst(parts)
  const given = rest.find((part) => part.startsWith('set:'))
  const isProxy = rest.includes('proxy')
  model.ranges.push({
    line,
    text,
    wants,
    isProxy,
    ...(given !== undefined && { sets: tagOf(given) }),
  })
  if (!isProxy)
    notes.push({
      line,
      text,
      isLost: false,
      why: 'addresses are given by the DHCP server, which Bootwire stands beside: leave this line in dnsmasq, and take dhcp-boot and pxe-service out there',
    })
}

const located = (file: string, server: string | undefined): Located => ({
  file,
  ...(server !== undefined && server !== '' && { server }),
})

const boot: Reader = ({ line, text }, parts, { model }) => {
  const { wants, rest } = tagsFirst(parts)
  const [file = '', , server] = rest
  model.boots.unshift({ line, text, wants, ...located(file, server) })
}

const service: Reader = (statement, parts, reading) => {
  const { line, text } = statement
  const { wants, rest } = tagsFirst(parts)
  const [name = '', label, boots, server] = rest
  const row = ARCHITECTURES.indexOf(name.toLowerCase())
  const architecture = row < 0 && /^\d+$/.test(name) ? Number(name) : row
  if (label === undefined || architecture < 0) {
    lost(
      reading,
      statement,
      `dnsmasq refuses it: an architecture and a text for the menu are wanted`,
    )
    return
  }
  const kind: PxeService['boots'] =
    boots === undefined || boots === '0'
      ? { kind: 'local' }
      : /^\d+$/.test(boots)
        ? { kind: 'type', type: Number(boots) }
        : { kind: 'file', ...located(boots, server) }
  reading.model.services.push({ line, text, wants, architecture, label, boots: kind })
}

const prompt: Reader = ({ line, text }, parts, { model }) => {
  const { wants, rest } = tagsFirst(parts)
  const [said = '', timeout] = rest
  const timeoutSeconds = Number(timeout)
  model.prompts.unshift({
    line,
    text,
    wants,
    prompt: said,
    ...(timeout !== undefined && Number.isInteger(timeoutSeconds) && { timeoutSeconds }),
  })
}

const host: Reader = (statement, parts, reading) => {
  const { line, text } = statement
  const macs = parts.flatMap((part) => [macPattern(part) ?? []].filter(({ length }) => length > 0))
  const tags = parts.flatMap((part) => (/^(?:set|net):/.test(part) ? part.slice(4) : []))
  const wants = parts.flatMap((part) => (part.startsWith('tag:') ? part.slice(4) : []))
  const row: HostRow = { line, text, macs, wants, tags, isIgnored: parts.includes('ignore') }
  const decides = tags.length > 0 || row.isIgnored
  if (macs.length === 0 && decides)
    lost(
      reading,
      statement,
      'knows its machine by something else than a hardware address; name the machine under `machines` by its `mac`',
    )
  if (macs.length > 0) reading.model.hosts.push(row)
  if (!decides)
    reading.notes.push({
      line,
      text,
      isLost: false,
      why: 'an address or a name is given by the DHCP server: leave this line there',
    })
}

const tagIf: Reader = ({ line, text }, parts, { model }) => {
  const of = (prefix: string) =>
    parts.flatMap((part) => (part.startsWith(prefix) ? part.slice(4) : []))
  model.tagIfs.push({ line, text, sets: of('set:'), wants: of('tag:') })
}

const ignore: Reader = ({ line, text }, parts, { model }) => {
  model.ignores.push({ line, text, wants: parts.map((part) => part.replace(/^(?:tag|net):/, '')) })
}

const unknowable = (what: string): Reader =>
  sets((rest) => ({ kind: 'unknowable', what: `${what} ${whole(rest)}` }))

const READERS: Readonly<Record<string, Reader>> = {
  'dhcp-range': range,
  'dhcp-boot': boot,
  'pxe-service': service,
  'pxe-prompt': prompt,
  'dhcp-host': host,
  'tag-if': tagIf,
  'dhcp-ignore': ignore,
  'dhcp-userclass': sets((rest) => ({ kind: 'user-class', contains: whole(rest) })),
  'dhcp-vendorclass': sets((rest) =>
    rest[0]?.startsWith('enterprise:')
      ? { kind: 'unknowable', what: `a vendor class of ${rest[0]}` }
      : { kind: 'vendor-class', contains: whole(rest) },
  ),
  'dhcp-match': sets(([option = '', ...rest]) =>
    matchCondition(option, rest.length === 0 ? undefined : whole(rest)),
  ),
  'dhcp-mac': sets(([mac = '']) => {
    const octets = macPattern(mac)
    return octets
      ? { kind: 'mac', octets }
      : { kind: 'unknowable', what: `hardware address ${mac}` }
  }),
  'dhcp-circuitid': unknowable('the circuit id'),
  'dhcp-remoteid': unknowable('the remote id'),
  'dhcp-subscrid': unknowable('the subscriber id'),
  'dhcp-name-match': unknowable('the host name'),
  'enable-tftp': (_statement, _parts, { model }) => void (model.isTftp = true),
  'tftp-root': (statement, [root = '', only], reading) => {
    if (only === undefined) reading.model.tftpRoot = root
    else lost(reading, statement, 'a folder for one interface only; Bootwire has one, `assets`')
  },
  interface: (statement, parts, reading) => {
    const named = parts.filter((part) => part !== '' && !part.endsWith('*'))
    reading.model.interfaces.push(...named)
    if (named.length < parts.length)
      lost(reading, statement, 'interfaces by a pattern; name each under `server: interfaces`')
  },
  'listen-address': (statement, parts, reading) => {
    const served = parts.filter((part) => isAddress(part) && !part.startsWith('127.'))
    reading.model.addresses.push(...served.map((address) => ({ ...placeOf(statement), address })))
  },
}

/** What a configuration says of booting, and what of it has no place here. */
export const readModel = ({
  statements,
  bad,
}: Statements): { readonly model: DnsmasqModel; readonly notes: readonly Note[] } => {
  const reading: Reading = {
    model: {
      ranges: [],
      sources: [],
      hosts: [],
      tagIfs: [],
      ignores: [],
      services: [],
      boots: [],
      prompts: [],
      interfaces: [],
      addresses: [],
      isTftp: false,
    },
    notes: bad.map(({ line, text, why }) => ({ line, text, why, isLost: true })),
  }
  for (const statement of statements) {
    const reader = READERS[statement.option.name]
    if (reader) reader(statement, statement.parts ?? [], reading)
    else {
      const { line, text } = statement
      const note = meaningOf(statement)
      if (note) reading.notes.push({ line, text, ...note })
    }
  }
  return reading
}
