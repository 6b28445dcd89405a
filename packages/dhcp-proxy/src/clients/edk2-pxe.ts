import { CLIENT_PORT, PXE_PORT, REQUEST, SERVER_PORT } from './dhcp-ports.ts'
import { dora, readForEdk2, type Dora, type Driver, type Offer } from './edk2-dora.ts'
import { edk2Option } from './edk2-options.ts'
import { chaddrOf, uuidOption, vendorClass, word, xidOf, type Machine } from './machine.ts'
import { readPxeVendorOptions, type PxeVendorOptions } from './pxe-vendor.ts'
import {
  download,
  gaveUp,
  judge,
  modelOf,
  nextDatagram,
  noteWait,
  pause,
  send,
  type Journal,
  type Script,
} from './script.ts'
import type { ClientModel, Outcome } from './types.ts'
import {
  addressAt,
  BROADCAST,
  cString,
  NO_ADDRESS,
  writePacket,
  type RawOption,
  type Reply,
} from './wire.ts'

/** Option 55 of NetworkPkg/UefiPxeBcDxe. */
const PARAMETERS = [
  1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18, 22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 66, 67,
  97, 128, 129, 130, 131, 132, 133, 134, 135,
]
/** A boot server is asked four times and each answer is waited for one second longer. */
const BOOT_SERVER_SECONDS = [1, 2, 3, 4]
const MAX_MENU_ITEMS = 24
const DEFAULT_ARCHITECTURE = 7

export interface Edk2PxeOptions extends Machine {
  /** Which menu item a person chooses, counted from 0. Absent: nobody touches the keyboard. */
  readonly choose?: number
  /** How long the person takes, in milliseconds. Default: 0. */
  readonly chooseAfterMs?: number
}

/** What kind of offer EDK2 sees; the order is the order of preference. */
type Kind = 'DhcpPxe10' | 'DhcpOnly' | 'ProxyPxe10' | 'DhcpBinl' | 'ProxyBinl' | 'Bootp'

const isPxe = (reply: Reply): boolean =>
  cString(edk2Option(reply, 60)?.value.subarray(0, 9) ?? new Uint8Array()) === 'PXEClient'

const vendorOf = (reply: Reply): PxeVendorOptions =>
  readPxeVendorOptions(isPxe(reply) ? edk2Option(reply, 43)?.value : undefined)

/** Without a NUL in its 128 bytes EDK2 reads on, through the cookie and into the options (seen in OVMF). */
const headerFile = (reply: Reply): string => cString(reply.bytes.subarray(108))

/** Option 67 wins over the header field. */
const fileOf = (reply: Reply): string | undefined => {
  const option = edk2Option(reply, 67)
  const file = option ? cString(option.value) : headerFile(reply)
  return option || file ? file : undefined
}

const isProxy = (reply: Reply): boolean => reply.yiaddr.startsWith('0.')

function sort(reply: Reply, kept: readonly Offer<Kind>[]): ReturnType<Driver<Kind>['sort']> {
  const vendor = vendorOf(reply)
  const proxy = isProxy(reply)
  if (vendor.wraps)
    return {
      not: 'a part of option 43 runs past its end: an 8-bit offset wraps round and this firmware may never finish reading',
    }
  if (!edk2Option(reply, 53)) {
    if (fileOf(reply) === undefined) return { not: 'a BOOTP reply without a boot file' }
    return kept.some(({ kind }) => kind === 'Bootp')
      ? { not: 'only the first BOOTP reply is kept' }
      : { kind: 'Bootp', why: 'no message type (option 53), so it is taken for BOOTP' }
  }
  const discovery = [6, 7, 8, 9, 10].find((tag) => vendor.tags.has(tag))
  if (discovery !== undefined) {
    if (!proxy) return { kind: 'DhcpPxe10', why: `an address and option 43.${discovery}` }
    if (kept.some(({ kind }) => kind === 'ProxyPxe10'))
      return { not: 'only the first ProxyPxe10 offer is kept' }
    return { kind: 'ProxyPxe10', why: `no address, PXEClient, option 43.${discovery}` }
  }
  if ([1, 2, 3, 4, 5].some((tag) => vendor.tags.has(tag)))
    return { not: 'multicast TFTP (43.1-5) is not supported' }
  if (isPxe(reply)) {
    return proxy
      ? {
          kind: 'ProxyBinl',
          why: 'no address, PXEClient, no option 43.6-10: asked again on port 4011',
        }
      : { kind: 'DhcpBinl', why: 'an address and PXEClient: asked again on port 4011 itself' }
  }
  if (proxy) return { not: 'neither an address nor PXEClient' }
  return { kind: 'DhcpOnly', why: 'an address, not PXEClient' }
}

/** The first that exists wins. A main DHCP server that says PXEClient leaves no DhcpOnly offer: every proxy loses. */
function choose(offers: readonly Offer<Kind>[]): Offer<Kind> | undefined {
  const first = (kind: Kind): Offer<Kind> | undefined => offers.find((offer) => offer.kind === kind)
  const only = first('DhcpOnly')
  return (
    first('DhcpPxe10') ??
    (first('ProxyPxe10') && only) ??
    first('DhcpBinl') ??
    (first('ProxyBinl') && only) ??
    offers.find((offer) => offer.kind === 'DhcpOnly' && fileOf(offer.reply) !== undefined)
  )
}

/** Who asks boot servers. */
interface Asker {
  readonly journal: Journal
  readonly machine: Machine
  readonly options: readonly RawOption[]
  readonly station: string
  /** Requests so far: each has a transaction id of its own. */
  asked: number
}

/** What is asked: of one server, or of anyone by broadcast; for a menu item, or just for a file. */
interface Question {
  readonly server: string | undefined
  readonly item?: number
  /** With bit 2 of 43.6: only these servers may answer. */
  readonly accept?: readonly string[]
}

// A request to a boot server, and its first answer. Options are sorted by number there, 43 even before 53: seen in OVMF.
function* ask(client: Asker, { server, item, accept }: Question): Script<Reply | undefined> {
  const { journal, machine, station } = client
  const port = server === undefined ? SERVER_PORT : PXE_PORT
  const listens = server === undefined ? CLIENT_PORT : PXE_PORT
  const xid = (xidOf(machine) + ++client.asked) >>> 0
  const chaddr = chaddrOf(machine)
  const vendor: RawOption[] = item === undefined ? [] : [[43, [71, 4, ...word(item), 0, 0, 255]]]
  const head: RawOption[] = [
    [53, [REQUEST]],
    [57, [5, 192]],
  ]
  const options = [...head, ...client.options, ...vendor].toSorted(([a], [b]) => a - b)
  for (const [tries, seconds] of BOOT_SERVER_SECONDS.entries()) {
    const sinceMs = journal.nowMs
    const payload = writePacket({
      xid,
      secs: tries,
      flags: server === undefined ? 0x8000 : 0,
      ciaddr: station,
      chaddr,
      options,
    })
    yield* send({
      from: { address: station, port: listens },
      to: { address: server ?? BROADCAST, port },
      payload,
    })
    let answer: Reply | undefined
    let answered = false
    const untilMs = sinceMs + seconds * 1000
    // It listens until the time is up, then takes the first answer that will do.
    for (let got = yield* nextDatagram(untilMs); got; got = yield* nextDatagram(untilMs)) {
      if (got.to.port !== listens) continue
      const reply = readForEdk2(got, xid, chaddr)
      if (reply === undefined) continue
      const verdict = verdictOf(reply, answer, accept)
      yield* judge(got, verdict.ok, 'boot server', verdict.why)
      if (typeof reply === 'object') answered = true
      if (verdict.ok) answer = typeof reply === 'object' ? reply : answer
    }
    noteWait(journal, `answer of ${server ?? 'any boot server'}:${port}`, sinceMs)
    // It asks again only when nobody said anything.
    if (answered) return answer
  }
  return undefined
}

const verdictOf = (
  reply: Reply | string,
  answer: Reply | undefined,
  accept: readonly string[] | undefined,
): { ok: boolean; why: string } => {
  if (typeof reply === 'string') return { ok: false, why: reply }
  if (answer) return { ok: false, why: 'another answer came first' }
  if (accept && !accept.includes(reply.siaddr))
    return { ok: false, why: `${reply.siaddr} is not in the list of option 43.8` }
  return { ok: true, why: 'the first answer' }
}

/** Where EDK2 PXE ended, and the packets it leaves for the program it starts. */
export interface Edk2PxeEnd {
  readonly outcome: Outcome
  readonly ack?: Reply
  readonly proxyOffer?: Reply
  readonly pxeReply?: Reply
}

// The script of {@link edk2Pxe}.
export function* edk2PxeScript(journal: Journal, settings: Edk2PxeOptions): Script<Edk2PxeEnd> {
  const architecture = settings.architecture ?? DEFAULT_ARCHITECTURE
  const options: RawOption[] = [
    [55, PARAMETERS],
    uuidOption(settings),
    [94, [1, 3, 0]],
    [93, word(architecture)],
    vendorClass('PXEClient', architecture, '003000'),
  ]
  const lease = yield* dora(journal, {
    machine: settings,
    options,
    requestLimit: 0xff00,
    sort,
    choose,
  })
  if (!lease.ok) return { outcome: gaveUp(journal, lease.code, lease.because) }
  const { ack } = lease
  const client: Asker = { journal, machine: settings, options, station: ack.yiaddr, asked: 0 }

  const proxyOffer = yield* proxyOf(client, lease)
  if (proxyOffer === 'silent') {
    return {
      outcome: gaveUp(
        journal,
        'NO_BOOT_SERVER',
        'no boot server named a file on port 4011 (PXE-E16)',
      ),
      ack,
    }
  }
  const cache = proxyOffer ?? ack
  const left = proxyOffer ? { ack, proxyOffer } : { ack }
  const end = (source: Reply, server: string): Outcome => {
    const file = fileOf(source)
    if (file === undefined)
      return gaveUp(journal, 'NO_BOOT_FILE', 'no boot file was named (PXE-E16)')
    return download(journal, 'tftp', server, file)
  }

  const vendor = vendorOf(cache)
  if (!hasDiscovery(cache) || (vendor.control & 8 && fileOf(cache) !== undefined)) {
    return { outcome: end(cache, serverOf(cache)), ...left }
  }
  const type = yield* pick(journal, vendor, settings)
  if (type === 0) {
    return {
      outcome: gaveUp(journal, 'LOCAL_BOOT', 'the chosen item is type 0, boot from the local disk'),
      ...left,
    }
  }
  const found = yield* discover(client, vendor, type)
  if ('code' in found) return { outcome: gaveUp(journal, found.code, found.because), ...left }
  // The file comes from the server that was asked, whatever siaddr says (seen in OVMF 2022.11).
  const outcome = end(found.reply, found.server ?? serverOf(found.reply))
  return { outcome, ...left, pxeReply: found.reply }
}

/** EDK2 PXE over IPv4 (NetworkPkg/UefiPxeBcDxe): OVMF and most UEFI firmware that derives from it. */
export function edk2Pxe(settings: Edk2PxeOptions = {}): ClientModel {
  const name = `EDK2 PXE, architecture ${settings.architecture ?? DEFAULT_ARCHITECTURE}`
  return modelOf(name, function* (journal): Script {
    return (yield* edk2PxeScript(journal, settings)).outcome
  })
}

// The packet with the boot part: an offer that is complete, or the answer of the first boot server that names a file.
function* proxyOf(
  client: Asker,
  { chosen, offers }: Extract<Dora<Kind>, { ok: true }>,
): Script<Reply | 'silent' | undefined> {
  if (chosen.kind !== 'DhcpBinl' && chosen.kind !== 'DhcpOnly') return undefined
  const complete =
    chosen.kind === 'DhcpOnly' ? offers.find((offer) => offer.kind === 'ProxyPxe10') : undefined
  if (complete) return complete.reply
  const candidates =
    chosen.kind === 'DhcpBinl' ? [chosen] : offers.filter((offer) => offer.kind === 'ProxyBinl')
  for (const { reply } of candidates) {
    const server = reply.siaddr.startsWith('0.')
      ? addressAt(edk2Option(reply, 54)!.value, 0)
      : reply.siaddr
    const answer = yield* ask(client, { server })
    if (answer && (hasDiscovery(answer) || fileOf(answer) !== undefined)) return answer
  }
  return candidates.length > 0 ? 'silent' : undefined
}

const hasDiscovery = (reply: Reply): boolean => {
  const { tags } = vendorOf(reply)
  return [6, 7, 8, 9, 10].some((tag) => tags.has(tag))
}

/** With bit 3 the first listed boot server, else siaddr, else option 54. */
const serverOf = (reply: Reply): string => {
  const vendor = vendorOf(reply)
  const listed = vendor.control & 8 ? vendor.servers?.[0]?.addresses[0] : undefined
  if (listed !== undefined && !listed.startsWith('0.')) return listed
  return reply.siaddr.startsWith('0.')
    ? addressAt(edk2Option(reply, 54)?.value ?? new Uint8Array(4), 0)
    : reply.siaddr
}

// Prompt and menu. Without a menu (43.9) the type stays 0, which is the local disk.
function* pick(
  journal: Journal,
  vendor: PxeVendorOptions,
  { choose: chosen, chooseAfterMs }: Edk2PxeOptions,
): Script<number> {
  const seconds = vendor.prompt?.seconds ?? 0
  const shown = seconds === 255 || (seconds > 0 && chosen !== undefined)
  if (shown) yield* pause(journal, chooseAfterMs ?? 0, 'choice')
  else yield* pause(journal, seconds * 1000, 'menu prompt')
  if (!vendor.menu) return 0
  const items = vendor.menu.slice(0, MAX_MENU_ITEMS)
  return items[shown ? Math.min(chosen ?? 0, items.length - 1) : 0]?.type ?? 0
}

// Asks for the file of a menu item: by multicast, else by broadcast, else each listed server in turn.
function* discover(client: Asker, vendor: PxeVendorOptions, type: number): Script<Discovered> {
  const listed = vendor.servers?.find((entry) => entry.type === type)?.addresses
  if (vendor.servers && !listed) {
    return {
      code: 'BAD_BOOT_SERVER_LIST',
      because: `option 43.8 has no entry for boot item ${type}`,
    }
  }
  const accept = vendor.control & 4 ? { accept: listed ?? [] } : {}
  let to: readonly (string | undefined)[] = listed ?? []
  if (!(vendor.control & 1)) to = [undefined]
  if (!(vendor.control & 2)) to = [vendor.multicast ?? NO_ADDRESS]
  let reply: Reply | undefined
  // Every listed server is asked, and the last one's answer counts.
  for (const server of to) reply = yield* ask(client, { server, item: type, ...accept })
  const server = vendor.control & 2 && vendor.control & 1 ? listed?.at(-1) : undefined
  if (!reply)
    return { code: 'NO_BOOT_SERVER', because: `no boot server answered for boot item ${type}` }
  return { reply, server }
}

type Discovered =
  | { readonly reply: Reply; readonly server: string | undefined }
  | { readonly code: 'NO_BOOT_SERVER' | 'BAD_BOOT_SERVER_LIST'; readonly because: string }
