import type { Identity } from './identity.ts'

/**
 * All that is remembered of one machine. Times are notes for people: no decision compares two of them. Order comes from
 * two counters: `boots` counts the scripts that were fetched by signed URL, `installations` the wishes to install.
 */
export interface MachineRecord {
  readonly id: string
  /** Everything it was ever seen with; in a store each identity belongs to one record. */
  readonly identities: readonly Identity[]
  readonly boots: number
  readonly installations: number
  /** The boot that counted last: asked again, it gets the same script. */
  readonly last?: BootNote
  readonly installed?: Installed
  /** The installation that was handed out and whose report is awaited. */
  readonly pending?: Pending
  /** A person asked for an installation; it stands until that is reported as done. */
  readonly ask?: Ask
  /** Profile for the next boot only. */
  readonly next?: { readonly profile: string; readonly by: string; readonly timeMs: number }
  /** Nothing is installed and nothing else is booted than the disk until a person releases it. */
  readonly hold?: Hold
  readonly failed?: Failed
  /** Why it is not clear which machine this is; nothing is installed until a person settles it. */
  readonly contested?: readonly Contest[]
  /** The reports that came last, taken or not, newest last. */
  readonly reports?: readonly ReportNote[]
  /** What the file gave this machine while it was installed, where that is no longer what was installed. */
  readonly assigned?: { readonly profile: string; readonly onceId?: string }
  /** Reports of installations up to this one say nothing any more: the machine was forgotten after them. */
  readonly voided?: number
}

export interface BootNote {
  readonly boot: number
  readonly nonce: string
  readonly kind: 'install' | 'profile' | 'disk'
  readonly profile: string
  readonly installation?: number
  readonly address?: string
  readonly timeMs: number
  /** What the script was made from, for the answers that its installer asks for. */
  readonly facts?: Readonly<Record<string, string>>
}

export interface Installed {
  /** Absent where only the report itself is known. */
  readonly profile?: string
  /** `once: { id }` of that profile when it was installed. */
  readonly onceId?: string
  /** 0: it was another record's before they were merged. */
  readonly installation: number
  readonly boot: number
  readonly timeMs: number
}

export interface Pending {
  readonly profile: string
  readonly onceId?: string
  readonly installation: number
  /** The boot that was handed the installer last. */
  readonly boot: number
  /** How many boots were handed it. */
  readonly attempts: number
  /** How many failures are followed by another attempt; one more holds the machine. */
  readonly retries: number
}

export interface Ask {
  readonly installation: number
  readonly by: string
  readonly timeMs: number
  /** The profile that was asked for; absent: what the file gives. */
  readonly profile?: string
}

export interface Hold {
  /** `failed`: the machine's own reports; else the person. */
  readonly cause: 'failed' | 'person'
  readonly by: string
  readonly reason?: string
  readonly timeMs: number
}

export interface Failed {
  readonly installation: number
  readonly boot: number
  readonly count: number
  readonly reason?: string
  readonly timeMs: number
}

export interface Contest {
  readonly identity: Identity
  /** The id of the record that it also belongs to. */
  readonly other: string
}

/** What became of a report. */
const REPORT_NOTES = [
  'taken',
  'late',
  'again',
  'superseded',
  'after-done',
  'forgotten',
  'of-merged',
  'ahead',
] as const

export type ReportOutcome = (typeof REPORT_NOTES)[number]

export interface ReportNote {
  readonly status: 'done' | 'failed'
  readonly outcome: ReportOutcome
  readonly installation: number
  readonly boot: number
  readonly reason?: string
  /** Where it came from, if that is not where the boot came from. */
  readonly otherAddress?: string
  readonly timeMs: number
}

/** Identities of one record; what is seen beyond them finds it by those it has. */
export const MAX_IDENTITIES = 64
/** Reports that are remembered. */
export const MAX_REPORTS = 8

/** The record that holds identities which a person declared to be shared: it is nobody's. */
export const SHARED_ID = 'shared'

export const newRecord = (id: string, identities: readonly Identity[]): MachineRecord => ({
  id,
  identities: identities.slice(0, MAX_IDENTITIES),
  boots: 0,
  installations: 0,
})

/** A record with identities added that it was seen with. */
export const seen = (record: MachineRecord, identities: readonly Identity[]): MachineRecord => {
  const fresh = identities.filter((identity) => !record.identities.includes(identity))
  if (fresh.length === 0 || record.identities.length >= MAX_IDENTITIES) return record
  return { ...record, identities: [...record.identities, ...fresh].slice(0, MAX_IDENTITIES) }
}

/** The fields that a record may be without. */
export type OptionalKey = {
  [K in keyof MachineRecord]-?: undefined extends MachineRecord[K] ? K : never
}[keyof MachineRecord]

/** A record without some of its fields. */
export const without = (record: MachineRecord, ...names: readonly OptionalKey[]): MachineRecord => {
  const rest: { -readonly [K in keyof MachineRecord]: MachineRecord[K] } = { ...record }
  for (const name of names) delete rest[name]
  return rest
}

/** An installation of which it is not known any more under which `once: { id }` it was begun. */
export const withoutId = <T extends { readonly onceId?: string }>({
  onceId: _onceId,
  ...rest
}: T): Omit<T, 'onceId'> => rest

/** Nothing is lost with this record that the next boot would not bring back: no installation, no wish of a person. */
export const isForgettable = ({
  id,
  installed,
  ask,
  next,
  hold,
  contested,
  voided,
  identities,
}: MachineRecord): boolean =>
  id !== SHARED_ID &&
  !installed &&
  !ask &&
  !next &&
  !hold &&
  !contested?.length &&
  voided === undefined &&
  !identities.some((identity) => identity.startsWith('name:'))

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Everything of a record but what stands beside it in a store. */
export type RecordBody = Omit<MachineRecord, 'id' | 'identities'>

const isBody = (value: unknown): value is RecordBody =>
  isObject(value) &&
  typeof Reflect.get(value, 'boots') === 'number' &&
  typeof Reflect.get(value, 'installations') === 'number'

/** The body of a record as JSON; undefined: it is none that this version wrote. */
export const parseBody = (json: string): RecordBody | undefined => {
  const value: unknown = JSON.parse(json)
  return isBody(value) ? value : undefined
}

/** {@link parseBody} the other way round. */
export const bodyText = ({ id: _id, identities: _identities, ...body }: MachineRecord): string =>
  JSON.stringify(body)
