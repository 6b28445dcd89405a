import type { Choice, FindProfile } from '../../src/state/boot-plan.ts'
import { splitOff, type ByHand } from '../../src/state/by-hand.ts'
import { identitiesOf, type IdentityFacts } from '../../src/state/identity.ts'
import { SHARED_ID, type MachineRecord } from '../../src/state/machine-record.ts'
import type { Stored, Write } from '../../src/state/state-store.ts'
import {
  identitiesOfClaims,
  reportStep,
  scriptStep,
  type ScriptAnswer,
  type Step,
  type TokenClaims,
} from '../../src/state/steps.ts'
import { SharedRecords } from './shared-records.ts'
import {
  boxOf,
  BOXES,
  cameWith,
  lifeOf,
  once,
  partsOf,
  REPLICAS,
  type Box,
  type Op,
  type SignedUrl,
  type UnderWay,
  WEIGHTED,
} from './world-parts.ts'

/**
 * Boxes, a configuration, three servers and their store. Each operation is one thing that happens: power, packets,
 * requests, crashes, a person at a keyboard, an edited file. What must never happen is thrown.
 */
export class World {
  readonly #store = new SharedRecords()
  readonly #mirrors: Map<string, Stored>[] = Array.from({ length: REPLICAS }, () => new Map())
  readonly #boxes: readonly Box[]
  /** Entries of the file: name to the card that it names. */
  readonly #entries = new Map<string, string>()
  #underWay: UnderWay[] = []
  #profile = 'inst'
  #onceId: string | undefined = 'a'
  #removedId: string | undefined
  #names = 0
  #ids = 0
  #nonces = 0
  #timeMs = 1_800_000_000_000

  /** @param shape - which boxes share a UUID, have none, or have no serial number */
  constructor(shape: number) {
    this.#boxes = Array.from({ length: BOXES }, (_, i) => boxOf(i, (shape >> (i * 2)) & 3))
  }

  #entryOf(card: string): string | undefined {
    for (const [name, mac] of this.#entries) if (mac === card) return name
    return undefined
  }

  #factsOf(box: Box, card: string): IdentityFacts {
    const name = this.#entryOf(card)
    return {
      macs: [card],
      ...(box.uuid !== undefined && { uuid: box.uuid }),
      ...(box.serial !== undefined && { serial: box.serial }),
      ...(name !== undefined && { name }),
    }
  }

  readonly #find: FindProfile = (name) =>
    name.startsWith('inst') ? { once: once(this.#onceId) } : name === 'live' ? {} : undefined

  #choice(by: Choice['by']): Choice {
    return { profile: this.#profile, once: once(this.#onceId), by }
  }

  /** A DHCP answer of one server, from what it knows: maybe not the newest. */
  #powerOn(box: Box, card: string, replica: number): void {
    box.program++
    const identities = identitiesOf(this.#factsOf(box, card))
    const known = [...this.#mirrors[replica]!.values()].find(
      ({ record }) =>
        record.id !== SHARED_ID &&
        record.identities.some((identity) => identities.includes(identity)),
    )
    box.urls.push({
      number: (known?.record.boots ?? 0) + 1,
      nonce: `n${++this.#nonces}`,
      ...(known && { machine: known.record.id }),
    })
  }

  #begin(
    kind: UnderWay['kind'],
    redo: () => Step<unknown>,
    answered: (answer: unknown) => void,
    written: () => void = () => {},
  ): void {
    this.#underWay.push({ kind, redo, step: redo(), answered, written })
  }

  /** A fetch of a script, by the box itself or by a monitor that has seen the URL. */
  #fetch(box: Box, card: string, url: SignedUrl, by: Choice['by'], isMonitor: boolean): void {
    const facts = this.#factsOf(box, card)
    for (const identity of identitiesOf(facts)) box.said.add(identity)
    if (by === 'person') url.isChosen = true
    const redo = () =>
      scriptStep(
        {
          facts,
          mark: { number: url.number, nonce: url.nonce },
          ...(url.machine !== undefined && { machine: url.machine }),
          choose: () => this.#choice(by),
          find: this.#find,
          isEntry: (name) => this.#entries.has(name),
          remember: false,
          noted: { timeMs: this.#timeMs },
          newId: () => `m${++this.#ids}`,
        },
        this.#store.find(identitiesOf(facts)),
      )
    const { program } = box
    const parts = partsOf(box, card)
    const asks = this.#asks.get(box)
    this.#begin('script', redo, (answer) => {
      if (isMonitor || box.program !== program) return
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the answer of `scriptStep`, which `redo` calls
      this.#scriptArrives(box, card, parts, url, answer as ScriptAnswer)
      // Worked out before somebody asked, it is not what was asked for.
      if (this.#asks.get(box) !== asks) this.#tokensAtAsk.set(box, box.tokens.length)
    })
  }

  #scriptArrives(
    box: Box,
    card: string,
    parts: readonly string[],
    { isChosen }: SignedUrl,
    answer: ScriptAnswer,
  ): void {
    if (answer.kind === 'chain') {
      const fresh = answer.record
      const url: SignedUrl = {
        number: (fresh?.boots ?? 0) + 1,
        nonce: `n${++this.#nonces}`,
        ...(fresh && { machine: fresh.id }),
      }
      box.urls.push(url)
      return
    }
    if (answer.kind !== 'boot') return cameWith(box, parts)
    const life = lifeOf(box, parts)
    if (answer.plan.kind !== 'install') return
    if (life.isDone && !isChosen)
      throw new Error(`${card} is installed again, and nobody asked: ${answer.plan.why}`)
    if (isChosen) {
      life.isDone = false
      this.#tokensAtAsk.set(box, box.tokens.length)
    }
    const { id } = answer.record!
    const { installation } = answer.plan
    const { boot } = answer.record!.last!
    const isSame = (token: TokenClaims) =>
      token.machine === id && token.installation === installation && token.boot === boot
    if (box.tokens.some(isSame)) return
    const token = { machine: id, installation, boot, mac: card }
    box.tokens.push(token)
    life.tokens.add(token)
  }

  #report(box: Box, claims: TokenClaims, status: 'done' | 'failed'): void {
    // Its installer runs, so nothing of it waits for a script any more; an older report has only been on its way for long.
    if (claims === box.tokens.at(-1)) box.program++
    const redo = () => {
      const own = this.#store.records.get(claims.machine)
      const found = [...(own ? [own] : []), ...this.#store.find(identitiesOfClaims(claims))]
      return reportStep({ claims, status, noted: { timeMs: this.#timeMs } }, found)
    }
    const askedBefore = this.#asks.get(box) ?? 0
    this.#begin('report', redo, (answer) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the answer of `reportStep`, which `redo` calls
      const { outcome } = answer as { outcome: string }
      const isTaken = !['superseded', 'forgotten'].includes(outcome)
      // A person who asked after it was sent wants another installation.
      if (
        status === 'done' &&
        isTaken &&
        (this.#asks.get(box) ?? 0) === askedBefore &&
        this.#isNewest(box, claims)
      )
        for (const life of box.lives) if (life.tokens.has(claims)) life.isDone = true
    })
  }

  /** Whether an installation began after the last time that somebody asked for one. */
  #isNewest(box: Box, claims: TokenClaims): boolean {
    return box.tokens.indexOf(claims) >= (this.#tokensAtAsk.get(box) ?? 0)
  }

  readonly #asks = new Map<Box, number>()
  readonly #tokensAtAsk = new Map<Box, number>()

  /** A person wants these boxes installed once more. */
  #asked(boxes: readonly Box[]): void {
    for (const box of boxes) {
      for (const life of box.lives) life.isDone = false
      this.#asks.set(box, (this.#asks.get(box) ?? 0) + 1)
      this.#tokensAtAsk.set(box, box.tokens.length)
    }
  }

  #boxesOf(record: MachineRecord): readonly Box[] {
    return this.#boxes.filter((box) => record.identities.some((identity) => box.said.has(identity)))
  }

  /** A person changes a record. */
  byHand(
    id: string,
    change: (record: MachineRecord) => ByHand | MachineRecord,
    isAsk: boolean,
  ): void {
    let wanted: readonly Box[] = []
    const redo = (): Step<unknown> => {
      const before = this.#store.records.get(id)
      if (!before) return { writes: [], answer: undefined }
      const changed = change(before.record)
      const after = 'ok' in changed ? (changed.ok ? changed.record : before.record) : changed
      wanted = this.#boxesOf(before.record)
      return { writes: after === before.record ? [] : [{ before, after }], answer: undefined }
    }
    const asked = () => this.#asked(isAsk ? wanted : [])
    this.#begin('hand', redo, () => {}, asked)
    asked()
  }

  /** A person settles a conflict: several records at once. */
  settle(work: (records: ReadonlyMap<string, Stored>) => readonly Write[]): void {
    this.#store.commit(work(this.#store.records))
  }

  /** A person splits a record that two boxes share; nobody takes one box for two. */
  split(id: string, newId: string): void {
    const before = this.#store.records.get(id)!
    const [one, two] = this.#boxesOf(before.record)
    if (!one || !two) return
    const moved = before.record.identities.filter(
      (each) => two.said.has(each) && !one.said.has(each),
    )
    const halves = splitOff(before.record, moved, newId)
    if (halves.ok) this.#store.commit([{ before, after: halves.kept }, { after: halves.split }])
  }

  /** One of the things under way is written and answered; or its server dies before, or after it. */
  #advance(pick: number, fate: 'answers' | 'dies before' | 'dies after'): void {
    const at = pick % Math.max(1, this.#underWay.length)
    const work = this.#underWay[at]
    if (!work) return
    this.#underWay = this.#underWay.filter((each) => each !== work)
    if (fate === 'dies before') return
    for (let tries = 0; tries < 8; tries++) {
      if (this.#store.commit(work.step.writes)) {
        work.written()
        if (fate === 'answers') work.answered(work.step.answer)
        return
      }
      work.step = work.redo()
    }
  }

  /** Records that a person may name. */
  ids(): readonly string[] {
    return [...this.#store.records.keys()].filter((id) => id !== SHARED_ID)
  }

  readonly #edits: readonly ((box: Box, card: string, pick: number) => void)[] = [
    // An entry is added, renamed, removed; a profile is renamed; an id is changed by hand.
    (_box, card) => this.#entries.set(`entry${++this.#names}`, card),
    (box) => {
      for (const [name, mac] of Array.from(this.#entries)) {
        if (!box.cards.includes(mac)) continue
        this.#entries.delete(name)
        this.#entries.set(`entry${++this.#names}`, mac)
      }
    },
    (_box, _card, pick) => {
      const name = [...this.#entries.keys()][pick % Math.max(1, this.#entries.size)]
      if (name !== undefined) this.#entries.delete(name)
    },
    () => {
      this.#profile = this.#profile === 'inst' ? 'inst-12' : 'inst'
    },
    () => {
      // Taken out of the file and put back as it was: not a change.
      const id = this.#onceId
      this.#onceId = this.#removedId
      this.#removedId = id
    },
    (_box, _card, pick) => {
      this.#onceId = `id${pick % 3}`
      this.#removedId = undefined
      this.#asked(this.#boxes)
    },
    // A card is added, a card is changed, the board is changed.
    (box) => box.cards.push(`52:54:00:00:0f:${String(10 + (++this.#ids % 90))}`),
    (box, card) => {
      box.cards = [
        ...box.cards.filter((each) => each !== card),
        `52:54:00:01:00:${String(10 + (++this.#ids % 90))}`,
      ]
    },
    (box) => {
      box.uuid = `4c4c4544-0000-4000-8000-00000001${String(1000 + ++this.#ids)}`
      box.serial = `board-${this.#ids}`
    },
    // Clocks step.
    () => {
      this.#timeMs -= 365 * 86_400_000
    },
    () => {
      this.#timeMs += 40 * 86_400_000
    },
  ]

  edit(what: number, boxNumber: number, pick: number): void {
    const box = this.#boxes[boxNumber % BOXES]!
    this.#edits[what % this.#edits.length]!(box, box.cards[pick % box.cards.length]!, pick)
  }

  /** One thing happens. */
  do(
    { what, box: boxNumber, pick, replica }: Op,
    byHand: (world: World, pick: number, kind: number) => void,
  ): void {
    const box = this.#boxes[boxNumber % BOXES]!
    const card = box.cards[pick % box.cards.length]!
    const url = box.urls.at(-1)
    const old = box.urls[pick % Math.max(1, box.urls.length)]
    const token = box.tokens[pick % Math.max(1, box.tokens.length)]
    const newest = box.tokens.at(-1)
    switch (WEIGHTED[what % WEIGHTED.length]) {
      case 'power':
        this.#powerOn(box, card, replica % REPLICAS)
        break
      case 'boot':
        this.#powerOn(box, card, replica % REPLICAS)
        this.#fetchNow(box, card)
        break
      case 'fetch':
        if (url) this.#fetch(box, card, url, pick % 7 === 0 ? 'person' : 'file', false)
        break
      case 'fetch old':
        if (old) this.#fetch(box, card, old, 'file', pick % 3 !== 0)
        break
      case 'done':
        if (newest) {
          this.#report(box, newest, 'done')
          this.#advance(this.#underWay.length - 1, 'answers')
        }
        break
      case 'report old':
        if (token) this.#report(box, token, pick % 4 === 0 ? 'failed' : 'done')
        break
      case 'answer':
        this.#advance(pick, 'answers')
        break
      case 'crash':
        this.#advance(pick, pick % 2 === 0 ? 'dies before' : 'dies after')
        break
      case 'look':
        this.#mirrors[replica % REPLICAS] = new Map(this.#store.records)
        break
      case 'edit':
        this.edit(pick, boxNumber, replica)
        break
      default:
        byHand(this, pick, replica)
    }
  }

  /** Fetches the newest URL, and follows where it is sent on, as iPXE does. */
  #fetchNow(box: Box, card: string): void {
    for (let hops = 0; hops < 4; hops++) {
      const before = box.urls.length
      this.#fetch(box, card, box.urls.at(-1)!, 'file', false)
      this.#advance(this.#underWay.length - 1, 'answers')
      if (box.urls.length === before) return
    }
    throw new Error('sent from one URL to the next without an end')
  }

  /** In the end every box is powered on once more: what was installed boots its disk. */
  finish(): void {
    while (this.#underWay.length > 0) this.#advance(0, 'answers')
    for (const box of this.#boxes)
      for (const card of box.cards) {
        this.#powerOn(box, card, 0)
        this.#fetchNow(box, card)
      }
  }
}
