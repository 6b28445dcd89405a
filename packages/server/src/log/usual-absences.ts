/** Files that boot programs ask for and do without, and who asks. */
const USUAL: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)autoexec\.ipxe$/, 'every iPXE since 2021 looks for it before it asks DHCP'],
  [
    /(?:^|\/)(?:revocations_(?:sku|sbat)|shim_certificate_\d+)\.efi$/,
    'shim 16 looks for newer rules and keys',
  ],
  [
    /(?:^|\/)grub\/[\w-]+\/(?:command|fs|crypto|terminal)\.lst$/,
    'GRUB has these modules in its image',
  ],
]

/** Why nobody need worry that a file is not there; undefined where somebody should. */
export const usualAbsence = (path: string): string | undefined =>
  USUAL.find(([pattern]) => pattern.test(path))?.[1]
