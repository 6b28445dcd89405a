import type { Once } from '../../src/state/boot-plan.ts'
import type { Identity } from '../../src/state/identity.ts'
import type { Step, TokenClaims } from '../../src/state/steps.ts'

export const once = (id: string | undefined): Once => ({
  ...(id !== undefined && { id }),
  done: 'report',
  retries: 1,
})

export const BOXES = 3
export const REPLICAS = 3
const SHARED_UUID = '11111111-2222-4333-8444-555555555555'

/** A signed URL that a machine was given. */
export interface SignedUrl {
  readonly number: number
  readonly nonce: string
  readonly machine?: string
  /** A person chose at the console in this boot: asked again, the server gives what was chosen. */
  isChosen?: boolean
}

/**
 * A box for as long as anybody can know that it is one machine: when card and board are other ones at once, nothing of
 * what it says was ever heard.
 */
export interface Life {
  /** The parts that it was seen with by fetches that were answered. */
  readonly seen: Set<string>
  readonly tokens: Set<TokenClaims>
  /** The server has answered "done" to its installer, and nobody has asked for anything since. */
  isDone: boolean
}

/** A box with a disk: what is true, whatever the server believes. */
export interface Box {
  cards: string[]
  uuid: string | undefined
  serial: string | undefined
  readonly urls: SignedUrl[]
  /** Installations that it was handed: each may report, whenever and as often as it likes. */
  readonly tokens: TokenClaims[]
  /** All that it ever said of itself, whoever was answered. */
  readonly said: Set<Identity>
  lives: readonly Life[]
  /** Which of its programs runs: an answer to one that is gone reaches nobody. */
  program: number
}

/** A box: the kinds differ in what their firmware says of itself. */
export const boxOf = (i: number, kind: number): Box => {
  return {
    cards: [`52:54:00:00:0${i}:00`, `52:54:00:00:0${i}:01`],
    uuid:
      kind === 3
        ? '03000200-0400-0500-0006-000700080009'
        : kind === 2
          ? SHARED_UUID
          : `4c4c4544-0000-4000-8000-00000000000${i}`,
    serial: kind === 1 ? undefined : `serial-${i}`,
    urls: [],
    tokens: [],
    said: new Set(),
    lives: [],
    program: 0,
  }
}

/** What tells a box from others, whatever the server makes of it: the card it boots by, and its board. */
export const partsOf = ({ serial, uuid }: Box, card: string): readonly string[] => [
  card,
  serial ?? uuid!,
]

const isOf =
  (parts: readonly string[]) =>
  ({ seen }: Life): boolean =>
    parts.some((part) => seen.has(part))

/** The life of a box with these parts: those that one of them was seen in are one. */
export const lifeOf = (box: Box, parts: readonly string[]): Life => {
  const its = box.lives.filter(isOf(parts))
  const life = {
    seen: new Set([...its.flatMap(({ seen }) => [...seen]), ...parts]),
    tokens: new Set(its.flatMap(({ tokens }) => [...tokens])),
    isDone: its.some(({ isDone }) => isDone),
  }
  box.lives = [...box.lives.filter((each) => !its.includes(each)), life]
  return life
}

/** It came with these parts, and nobody could say which machine that is: what is new of them belongs to it all the same. */
export const cameWith = (box: Box, parts: readonly string[]): void => {
  const fresh = parts.filter((part) => !box.lives.some(isOf([part])))
  for (const { seen } of box.lives.filter(isOf(parts))) for (const part of fresh) seen.add(part)
}

/** Something under way at one server: read already, not yet written. */
export interface UnderWay {
  readonly kind: 'script' | 'report' | 'hand'
  readonly redo: () => Step<unknown>
  step: Step<unknown>
  readonly written: () => void
  readonly answered: (answer: unknown) => void
}

/** One thing that happens, in numbers. */
export interface Op {
  readonly what: number
  readonly box: number
  readonly pick: number
  readonly replica: number
}

/** What can happen, each as often as it stands here; `boot` is a whole boot in one go, as most are. */
export const WEIGHTED = [
  'power',
  'power',
  'boot',
  'boot',
  'boot',
  'fetch',
  'fetch old',
  'done',
  'done',
  'report old',
  'answer',
  'answer',
  'crash',
  'look',
  'edit',
  'by hand',
] as const
