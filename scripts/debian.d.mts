/** How a package is unpacked: see scripts/debian/table.mjs. */
export interface UnpackedRow {
  readonly package: string | RegExp
  readonly for: string
  readonly suite?: string
  readonly architecture?: string
  readonly version?: string
  readonly sha256?: string
  readonly closure?: boolean
  readonly when?: 'prove'
}

/** The machine that packages are brought to. */
export interface Host {
  isRoot(): boolean
  isDebianLike(): boolean
  codename(): string
  run(command: string, args: readonly string[], options?: object): string
}

export const INSTALLED: Readonly<Record<string, string>>
export const UNPACKED: Readonly<Record<string, UnpackedRow>>
export const TESTED: readonly string[]
export const unpackedAt: (name: string) => string
export const unpackedVersion: (name: string) => string | undefined
export const unpackedFolder: (name: string, ...places: readonly string[]) => string
export const debianMirror: () => string
export const isRoot: () => boolean
export const isDebianLike: () => boolean
export const ensureDebianPackages: (
  say: (line: string) => void,
  installed?: readonly string[],
  unpacked?: readonly string[],
  options?: { readonly host?: Host; readonly at?: (name: string) => string },
) => string | undefined
export const lackedPackages: (
  installed?: readonly string[],
  unpacked?: readonly string[],
) => readonly string[]
