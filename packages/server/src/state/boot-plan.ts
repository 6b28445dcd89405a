import type { MachineRecord } from './machine-record.ts'

/** What a profile says of installing, where it says `once`. */
export interface Once {
  /** `once: { id }` as written by hand; another id asks for another installation. */
  readonly id?: string
  readonly done: 'report' | 'script'
  /** How many reported failures are followed by another attempt. */
  readonly retries: number
}

/** What the rules, a menu or a person chose for this boot. */
export interface Choice {
  readonly profile: string
  /** Absent: the profile is booted every time. */
  readonly once?: Once
  /** `person`: chosen by hand on the console; a default, a time-out and `unknown.after` are the file's. */
  readonly by: 'file' | 'person'
}

/** `once` of a profile by name; undefined: there is no such profile. */
export type FindProfile = (name: string) => { readonly once?: Once } | undefined

/** What a machine boots by its life cycle. */
export type BootPlan =
  | {
      readonly kind: 'install'
      readonly profile: string
      readonly once: Once
      readonly installation: number
      readonly usesNext: boolean
      readonly why: string
    }
  | {
      readonly kind: 'profile'
      readonly profile: string
      readonly usesNext: boolean
      readonly why: string
    }
  /** Its own disk, or what the profile names as `once: { after }`. */
  | {
      readonly kind: 'disk'
      readonly cause: 'installed' | 'held' | 'failed' | 'contested' | 'done'
      readonly why: string
    }

/** The installation that a script handed out now would belong to. */
const installationOf = (record: MachineRecord | undefined): number =>
  record?.ask?.installation ?? record?.pending?.installation ?? (record?.installations ?? 0) + 1

/** True where somebody wrote another `once: { id }` for a profile that this machine had already. */
const idChanged = ({ installed, assigned }: MachineRecord, choice: Choice): boolean => {
  const known = assigned ?? installed
  const id = choice.once?.id
  return (
    choice.by === 'file' &&
    id !== undefined &&
    known?.profile === choice.profile &&
    known.onceId !== undefined &&
    known.onceId !== id
  )
}

/** Why nothing may be installed or chosen on this machine at all, or undefined. */
const blocked = (record: MachineRecord, choice: Choice): BootPlan | undefined => {
  const [contest] = record.contested ?? []
  if (contest) {
    const why = `it is not clear which machine this is: ${contest.identity} is also of ${contest.other}; settle it with bootwire merge or split`
    return { kind: 'disk', cause: 'contested', why }
  }
  const { hold } = record
  if (!hold) return undefined
  // A person who stands there knows that it failed.
  if (hold.cause === 'failed' && choice.by === 'person') return undefined
  const reason = hold.reason === undefined ? '' : `: ${hold.reason}`
  return hold.cause === 'failed'
    ? { kind: 'disk', cause: 'failed', why: `its installation failed${reason}` }
    : { kind: 'disk', cause: 'held', why: `held by ${hold.by}${reason}` }
}

const install = (
  record: MachineRecord | undefined,
  profile: string,
  once: Once,
  why: string,
  usesNext = false,
): BootPlan => ({
  kind: 'install',
  profile,
  once,
  installation: installationOf(record),
  usesNext,
  why,
})

/** What a person asked for with `bootwire install`, while the file still has something to install. */
const asked = (record: MachineRecord, choice: Choice, find: FindProfile): BootPlan | undefined => {
  const { ask } = record
  if (!ask) return undefined
  const profile = ask.profile ?? choice.profile
  const once = ask.profile === undefined ? choice.once : find(ask.profile)?.once
  return once && install(record, profile, once, `${ask.by} asked for an installation`)
}

/**
 * What a machine boots: the choice, looked at in the light of what is remembered of it. Pure, and the only place where it
 * is decided that something is installed. Whatever is in doubt is not installed.
 */
export const planBoot = (
  record: MachineRecord | undefined,
  choice: Choice,
  find: FindProfile,
): BootPlan => {
  const { profile, once } = choice
  const boots = (why: string): BootPlan =>
    once ? install(record, profile, once, why) : { kind: 'profile', profile, usesNext: false, why }
  if (!record) return boots('it was never seen before')
  const stop = blocked(record, choice)
  if (stop) return stop
  const next = record.next && find(record.next.profile)
  if (record.next && next) {
    const why = `${record.next.by} set the next boot to "${record.next.profile}"`
    if (next.once) return install(record, record.next.profile, next.once, why, true)
    return { kind: 'profile', profile: record.next.profile, usesNext: true, why }
  }
  if (choice.by === 'person') return boots('chosen by a person at its console')
  const wish = asked(record, choice, find)
  if (wish) return wish
  const { installed } = record
  if (!installed)
    return boots(
      record.pending ? 'its installation is not reported as done' : 'it is not installed',
    )
  if (once && idChanged(record, choice))
    return install(record, profile, once, `once: { id } was changed to "${once.id}"`)
  return {
    kind: 'disk',
    cause: 'installed',
    why: `${installed.profile === undefined ? 'it' : `"${installed.profile}"`} is installed`,
  }
}

/** Whether the choice would install a machine that is installed already: what `plan` and a reload count. */
export const wouldReinstall = (record: MachineRecord, choice: Choice): boolean =>
  record.installed !== undefined && !record.ask && idChanged(record, choice)
