import { CLIENT_PORT, PXE_PORT, REQUEST, SERVER_PORT } from './dhcp-ports.ts'
import { readForEdk2 } from './edk2-dora.ts'
import { chaddrOf, word, xidOf, type Machine } from './machine.ts'
import type { PxeVendorOptions } from './pxe-vendor.ts'
import { judge, nextDatagram, noteWait, send, type Journal, type Script } from './script.ts'
import { BROADCAST, NO_ADDRESS, writePacket, type RawOption, type Reply } from './wire.ts'

/** A boot server is asked four times and each answer is waited for one second longer. */
const BOOT_SERVER_SECONDS = [1, 2, 3, 4]

/** Who asks boot servers. */
export interface Asker {
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
export function* ask(client: Asker, { server, item, accept }: Question): Script<Reply | undefined> {
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

// Asks for the file of a menu item: by multicast, else by broadcast, else each listed server in turn.
export function* discover(
  client: Asker,
  vendor: PxeVendorOptions,
  type: number,
): Script<Discovered> {
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
