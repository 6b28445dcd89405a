import { toText } from './bytes.ts'
import type { Image } from './images.ts'
import { type BootedImage, Halt } from './outcome.ts'
import { formatUri } from './uri.ts'
import type { Vm } from './vm.ts'

const bootedOf = (image: Image): BootedImage => ({
  name: toText(image.name),
  uri: image.uri ? toText(formatUri(image.uri)) : '',
  type: image.type,
  bytes: image.data.length,
  arguments: toText(image.commandLine ?? ''),
})

/** Names that iPXE answers with everything it has, in one piece. */
const MAGIC_INITRD = 'initrd.magic'

/** Initrds that a kernel gets on EFI: those it asks for by name, else what iPXE 2.0 and later offer of themselves. */
const initrdsOnEfi = (
  vm: Vm,
  kernel: Image,
  others: readonly Image[],
): { initrds: readonly Image[]; missing: string[] } => {
  const names = (kernel.commandLine ?? '')
    .split(' ')
    .filter((word) => word.startsWith('initrd='))
    // Linux' EFI stub takes the whole word for one name; a comma is part of it.
    .map((word) => word.slice('initrd='.length).replace(/^[\\/]/, ''))
  const { hasInitrdMagic } = vm.traits
  if (names.length === 0) return { initrds: hasInitrdMagic ? others : [], missing: [] }
  if (hasInitrdMagic && names.includes(MAGIC_INITRD)) return { initrds: others, missing: [] }
  const found = names.map((name) => others.find((image) => image.name === name))
  return {
    initrds: found.filter((image) => image !== undefined),
    missing: names.filter((_, at) => !found[at]).map(toText),
  }
}

/** Hands the machine over to an image. On BIOS all other images are the initrd, whatever the command line says. */
export const bootImage = (vm: Vm, kernel: Image): never => {
  const others = vm.images.all.filter((image) => image !== kernel)
  const { initrds, missing } =
    vm.parts.platform === 'efi'
      ? initrdsOnEfi(vm, kernel, others)
      : { initrds: others, missing: [] }
  throw new Halt({
    kind: 'boots',
    ...vm.place,
    kernel: bootedOf(kernel),
    commandLine: toText(kernel.commandLine ?? ''),
    initrds: initrds.map(bootedOf),
    missing,
  })
}
