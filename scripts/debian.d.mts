export const INSTALLED: readonly string[]
export const UNPACKED: Readonly<Record<string, string>>
export const unpackedAt: (name: string) => string
export const isRoot: () => boolean
export const isDebianLike: () => boolean
export const ensureDebianPackages: (
  say: (line: string) => void,
  installed?: readonly string[],
  unpacked?: Readonly<Record<string, string>>,
) => string | undefined
