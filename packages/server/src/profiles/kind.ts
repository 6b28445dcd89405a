import type { z } from 'zod'

import type { AnswerFormat } from '../model/answer-formats.ts'
import type { Path } from '../model/issues.ts'
import type { ScriptModule, Target } from '../model/plan.ts'
import type { ConfigFiles } from './files.ts'

/** What a kind may look at and use while a profile of it is read. */
export interface KindTools<Given = unknown> {
  /** The profile's name. */
  readonly name: string
  readonly files: ConfigFiles
  /** What the profile says itself, without what it inherits. */
  readonly own: Given
  /** False where something of the profile was left out: nothing may be called missing in it. */
  readonly isWhole: boolean
  /** Where the file says `key`, in this profile or in one that it extends. */
  readonly place: (key: string) => Path
  /** Checks a reference to another profile; `local` is always one. */
  readonly reference: (profile: string, path: Path) => void
  readonly report: (code: string, path: Path, message: string) => void
}

/** A text of a profile that may be a template, and the key that says it. */
export interface TemplateText {
  readonly text: string
  readonly format: AnswerFormat
  readonly key: string
  /** Which item of a list it is, of all that the profile has with what it inherits. */
  readonly item?: { readonly index: number; readonly of: number }
  /** The file that it stands in, where it is not in the configuration. */
  readonly file?: string
}

/** What a kind makes a script from. */
export interface ScriptTools {
  /** The profile's name. */
  readonly name: string
  /** What templates can name. */
  readonly values: Readonly<Record<string, unknown>>
  /** CPU of the machine as iPXE names it. */
  readonly architecture: string | undefined
  readonly waitSeconds: number
  /** Renders a template of the profile. */
  readonly render: (text: string, format: AnswerFormat, file?: string) => string
  /** URL of a file below the assets, or the URL that it is already. */
  readonly assetUrl: (file: string) => string
  /** URL of the script that a machine gets when `profile` is chosen here: by a person, or by nobody when the time is over. */
  readonly choiceUrl: (profile: string, by: 'person' | 'timeout') => string
  /** What a menu shows for a profile that has no label. */
  readonly titleOf: (profile: string) => string
  /** What a menu says behind it: that choosing it installs the machine once more. */
  readonly noteOf: (profile: string) => string
  readonly modules: ReadonlyMap<string, ScriptModule>
}

/**
 * One kind of profile: what the file says, what is kept of it, and the script that comes of it. Schema, reference,
 * inheritance, the trial of templates at load and rendering all follow from this: a kind is one file and one row.
 */
interface Kind<Given, Data extends Target, Key extends string> {
  readonly name: string
  /** The YAML key that selects it. A kind with more keys builds on a profile of the same kind that it extends. */
  readonly key: Key
  readonly fields: Readonly<Record<Key, z.ZodType>>
  /** Lists that are appended to what is inherited, instead of replacing it. */
  readonly appends?: readonly Key[]
  /** DHCP never answers a machine of it. */
  readonly ignoresDhcp?: true
  /** What is kept: plain data, for it crosses from the loading thread. */
  compile(given: Given, tools: KindTools<Given>): Data
  /** Texts that may be templates: tried at load with every machine's values. */
  templates?(data: Data): readonly TemplateText[]
  /** True where the script depends on what only iPXE knows, besides its templates. */
  wantsFacts?(data: Data): boolean
  /** Other profiles that a machine may come to from here, by a person's choice. */
  choices?(data: Data): readonly string[]
  /** A file with code of the user, which is loaded before it is used. */
  module?(data: Data): { readonly file: string; readonly version: string }
  /** The script is made at load too; where that cannot be done, this key is to blame. */
  readonly triedBy?: Key
  script(data: Data, tools: ScriptTools): string | Promise<string>
}

/** A kind of any fields: a row of the table. */
export type ProfileKind = Kind<Readonly<Record<string, unknown>>, Target, string>

/** States a kind with the types of its own fields and data: its functions only ever get what these let through. */
export const profileKind = <Fields extends z.ZodRawShape, Data extends Target>(
  kind: Kind<z.infer<z.ZodObject<Fields>>, Data, keyof Fields & string> & {
    readonly fields: Fields
  },
): ProfileKind => kind
