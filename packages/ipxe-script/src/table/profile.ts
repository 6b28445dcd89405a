import { type CommandName, COMMANDS } from './commands.ts'
import type { Feature, FeaturesOn, OptionName } from './features.ts'

declare const lacks: unique symbol

/** What a build does differently, apart from what it has: lint, builder and interpreter ask these, never the name. */
export interface BuildTraits {
  /** What `${version}` says. */
  readonly version: string
  /** Offers the initrds under `initrd.magic` and, under EFI, by the device path that Linux asks (2021-05, 2023-02). */
  readonly hasInitrdMagic: boolean
  /** Numbers may begin with blanks and a sign, options may be cut short, as `getopt` did until 2019. */
  readonly hasOldGetopt: boolean
  /** Setting types and predefined settings that came after 2019. */
  readonly hasRecentSettings: boolean
  /** `sanboot --drive 0x80` boots the first local disk under EFI (2024-03). */
  readonly bootsEfiDisk: boolean
}

/** An iPXE build to write for: which commands, options and URI schemes it has. */
export interface Profile<in out F extends string = never> {
  readonly name: string
  /** One sentence for people. */
  readonly summary: string
  /** Command names, and options as `chain --autofree`. */
  readonly features: ReadonlySet<string>
  /** URI schemes, without the colon. */
  readonly schemes: ReadonlySet<string>
  /** Firmware it runs on. */
  readonly firmware: readonly ('bios' | 'efi')[]
  readonly traits: BuildTraits
  readonly [lacks]?: (feature: F) => F
}

/** Any profile, whatever it has. */
export type AnyProfile = Pick<
  Profile,
  'name' | 'summary' | 'features' | 'schemes' | 'firmware' | 'traits'
>

const featuresOn = (letters: string): ReadonlySet<string> => {
  const has = (on: string): boolean => letters.split('').some((letter) => on.includes(letter))
  return new Set(
    [...COMMANDS.values()].flatMap((command) => [
      ...(has(command.on) ? [command.name] : []),
      ...command.options
        .filter((option) => has(option.on))
        .map((option) => `${command.name} --${option.long}`),
    ]),
  )
}

const OF_2019: BuildTraits = {
  version: '1.0.0+git-20190125.36a4c85-5.1',
  hasInitrdMagic: false,
  hasOldGetopt: true,
  hasRecentSettings: false,
  bootsEfiDisk: false,
}

const OF_2026: BuildTraits = {
  version: '2.0.0',
  hasInitrdMagic: true,
  hasOldGetopt: false,
  hasRecentSettings: true,
  bootsEfiDisk: true,
}

const PLAIN_SCHEMES = ['http', 'tftp']
const SAN_SCHEMES = ['iscsi', 'aoe', 'ib_srp']

/** Debian 12: package `ipxe`, commit 36a4c85 of January 2019, for BIOS and EFI alike. */
export const debian12: Profile<FeaturesOn<'D'>> = {
  name: 'debian12',
  summary: 'Debian 12, package ipxe 1.0.0+git-20190125, BIOS and EFI',
  features: /* @__PURE__ */ featuresOn('D'),
  schemes: new Set([...PLAIN_SCHEMES, 'nfs', ...SAN_SCHEMES]),
  firmware: ['bios', 'efi'],
  traits: OF_2019,
}

export const ipxe2Bios: Profile<FeaturesOn<'B'>> = {
  name: 'ipxe2-bios',
  summary: 'iPXE 2.0.0 with default options, BIOS',
  features: /* @__PURE__ */ featuresOn('B'),
  schemes: new Set([...PLAIN_SCHEMES, 'fcp', ...SAN_SCHEMES]),
  firmware: ['bios'],
  traits: OF_2026,
}

export const ipxe2Efi: Profile<FeaturesOn<'E'>> = {
  name: 'ipxe2-efi',
  summary: 'iPXE 2.0.0 with default options, EFI',
  features: /* @__PURE__ */ featuresOn('E'),
  schemes: new Set([...PLAIN_SCHEMES, 'https', 'file', 'fcp', ...SAN_SCHEMES]),
  firmware: ['efi'],
  traits: OF_2026,
}

export const secureBoot: Profile<FeaturesOn<'S'>> = {
  name: 'secure-boot',
  summary: "iPXE 2.0.0, the project's signed build for Secure Boot, EFI",
  features: /* @__PURE__ */ featuresOn('S'),
  schemes: new Set([...PLAIN_SCHEMES, 'https', 'file', 'iscsi', 'aoe']),
  firmware: ['efi'],
  traits: OF_2026,
}

/** What a commit of August 2026 has beyond 2.0.0: `imgset`, `--quiet`, `params --method`, `data:`. */
export const masterBios: Profile<FeaturesOn<'B' | 'b'>> = {
  name: 'master-bios',
  summary: 'iPXE of August 2026 with default options, BIOS',
  features: /* @__PURE__ */ featuresOn('Bb'),
  schemes: new Set([...ipxe2Bios.schemes, 'data']),
  firmware: ['bios'],
  traits: OF_2026,
}

export const masterEfi: Profile<FeaturesOn<'E' | 'e'>> = {
  name: 'master-efi',
  summary: 'iPXE of August 2026 with default options, EFI',
  features: /* @__PURE__ */ featuresOn('Ee'),
  schemes: new Set([...ipxe2Efi.schemes, 'data']),
  firmware: ['efi'],
  traits: OF_2026,
}

/** The stock profiles by name, as the command line takes them. */
export const PROFILES: ReadonlyMap<string, AnyProfile> = /* @__PURE__ */ new Map(
  [debian12, ipxe2Bios, ipxe2Efi, secureBoot, masterBios, masterEfi].map((profile) => [
    profile.name,
    profile,
  ]),
)

export interface DeriveOptions<Added extends Feature, Removed extends Feature> {
  readonly name: string
  readonly summary?: string
  /** Commands bring all their options with them, in the types and at run time. */
  readonly add?: readonly Added[]
  readonly remove?: readonly Removed[]
  readonly schemes?: readonly string[]
  /** Where the build differs in nature from its base. */
  readonly traits?: Partial<BuildTraits>
}

/** A feature, and where it is a command, all its options. */
type WithOptions<F extends Feature> =
  | F
  | { [C in F & CommandName]: `${C} --${OptionName<C>}` }[F & CommandName]

const withOptions = (feature: string): string[] => [
  feature,
  ...(COMMANDS.get(feature)?.options.map(({ long }) => `${feature} --${long}`) ?? []),
]

/**
 * A profile of one's own: a stock build with commands or options added or removed.
 *
 *     const lab = deriveProfile(ipxe2Bios, { name: 'lab', add: ['ping', 'params', 'param'], schemes: ['https'] })
 */
export const deriveProfile = <
  F extends Feature,
  A extends Feature = never,
  R extends Feature = never,
>(
  base: Profile<F>,
  { name, summary, add = [], remove = [], schemes = [], traits = {} }: DeriveOptions<A, R>,
): Profile<Exclude<F | WithOptions<A>, WithOptions<R>>> => {
  const features = new Set([...base.features, ...add.flatMap(withOptions)])
  for (const feature of remove.flatMap(withOptions)) features.delete(feature)
  const derived: unknown = {
    name,
    summary: summary ?? `${base.name} with changes`,
    features,
    schemes: new Set([...base.schemes, ...schemes]),
    firmware: base.firmware,
    traits: { ...base.traits, ...traits },
  } satisfies AnyProfile
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- comparing hundreds of features with each other takes TypeScript seconds
  return derived as Profile<Exclude<F | WithOptions<A>, WithOptions<R>>>
}
