import { toBytes } from './bytes.ts'
import { type Bytes } from './bytes.ts'
import { download } from './download.ts'
import { messageOf, STATUS } from './errno.ts'
import { runImage } from './execute.ts'
import type { Image } from './images.ts'
import { resolveName } from './settings.ts'
import type { Call, Handler, Vm } from './vm.ts'

const applyOptions = (image: Image, { options, rest }: Call): void => {
  const name = options.get('name')
  if (typeof name === 'string') image.name = name
  if (rest.length > 1) image.commandLine = rest.slice(1).join(' ')
  if (options.has('autofree')) image.autofree = true
}

/** Downloads anew; registers the image under its new name. */
const fetchImage = async (vm: Vm, call: Call): Promise<Image | number> => {
  const image = await download(vm, call.rest[0]!)
  if (typeof image === 'number') return image
  vm.images.add(image)
  applyOptions(image, call)
  return image
}

/** Takes the image of that very name, or else downloads it. */
const acquire = async (vm: Vm, call: Call): Promise<Image | number> => {
  const image = vm.images.find(call.rest[0]!)
  if (!image) return fetchImage(vm, call)
  applyOptions(image, call)
  return image
}

const imgfetch: Handler = async (vm, call) => {
  const image = await fetchImage(vm, call)
  return typeof image === 'number' ? image : 0
}

const kernel: Handler = async (vm, call) => {
  const image = await acquire(vm, call)
  if (typeof image === 'number') return image
  if (image.type === undefined)
    return vm.complain(STATUS.notExecutable, `Could not select: ${messageOf(STATUS.notExecutable)}`)
  vm.images.select(image)
  return 0
}

const imgargs: Handler = async (vm, call) => {
  const known = vm.images.find(call.rest[0]!)
  if (known) known.commandLine = undefined
  const image = await acquire(vm, call)
  return typeof image === 'number' ? image : 0
}

const toRun = async (vm: Vm, call: Call): Promise<Image | number> => {
  if (call.rest.length > 0) return acquire(vm, call)
  const image = vm.images.selected
  if (!image) {
    vm.print('No image selected\n')
    return 0
  }
  applyOptions(image, call)
  return image
}

const chain: Handler = async (vm, call) => {
  const image = await toRun(vm, call)
  if (typeof image === 'number') return image
  if (call.options.has('replace') && vm.running && image.type !== undefined) {
    vm.running.image.replacement = image
    vm.stop = 'script'
    return 0
  }
  const status = await runImage(vm, image)
  if (status === 0) return 0
  const inner = vm.reason
  const message = `Could not boot: ${messageOf(status)}`
  vm.complain(status, message)
  if (inner !== '' && inner !== message) vm.reason = `${message}; ${inner}`
  return status
}

const describeImage = ({ name, data, type, selected, autofree, commandLine }: Image): Bytes =>
  [
    `${name} : ${data.length} bytes`,
    ...(type === undefined ? [] : [` [${type}]`]),
    ...(selected ? [' [SELECTED]'] : []),
    ...(autofree ? [' [AUTOFREE]'] : []),
    ...(commandLine === undefined ? [] : [` "${commandLine}"`]),
    '\n',
  ].join('')

/** Does something with the images named, all of them where none is; stops at a name that no image has. */
const withImages =
  (act: (vm: Vm, image: Image) => void): Handler =>
  (vm, { rest }) => {
    if (rest.length === 0) for (const image of vm.images.all) act(vm, image)
    for (const name of rest) {
      const image = vm.images.find(name)
      if (!image) return vm.complain(STATUS.noImage, `"${name}": no such image`)
      act(vm, image)
    }
    return 0
  }

/** Reads a file into a setting; from source. */
const imgset: Handler = async (vm, { rest, options, ...call }) => {
  const image = await acquire(vm, { ...call, options, rest: rest.slice(1) })
  if (typeof image === 'number') return image
  const named = resolveName(vm.parts.root, rest[0]!, true)
  if (typeof named === 'number') return vm.complain(named, `"${rest[0]}": invalid setting`)
  if (!options.has('keep')) vm.images.remove(image)
  return named.block.store(named.setting, image.data)
}

/** Unpacks an image; what is in a fake one is not known, so it keeps its content. From source. */
const imgextract: Handler = async (vm, call) => {
  const image = await acquire(vm, call)
  if (typeof image === 'number') return image
  const name = call.options.get('name')
  const bare = image.name.replace(/\.[^.]*$/, '')
  vm.images.add({ ...image, name: typeof name === 'string' ? name : bare, selected: false })
  if (!call.options.has('keep')) vm.images.remove(image)
  return 0
}

/** A command that needs its images to be there and does nothing that a script could see. From source. */
const needsImages: Handler = async (vm, call) => {
  for (const name of call.rest) {
    // oxlint-disable-next-line no-await-in-loop -- one image after the other
    const image = await acquire(vm, { ...call, options: new Map(), rest: [name] })
    if (typeof image === 'number') return image
  }
  return 0
}

/** The shim of Secure Boot: downloaded on EFI, nothing at all on BIOS. From source. */
const shim: Handler = (vm, call) => (vm.parts.platform === 'efi' ? needsImages(vm, call) : 0)

const imgmem: Handler = (vm, { rest, options }) => {
  const name = options.get('name')
  const data = '\0'.repeat(Math.min(Math.max(0, Number(rest[1]) || 0), 65_536))
  const image = { uri: undefined, data, type: undefined, commandLine: undefined }
  vm.images.add({
    ...image,
    name: typeof name === 'string' ? name : toBytes('memory'),
    selected: false,
    autofree: false,
  })
  return 0
}

const imgstat = withImages((vm, image) => vm.print(describeImage(image)))
const imgfree = withImages((vm, image) => vm.images.remove(image))

export const IMAGE: Readonly<Record<string, Handler>> = {
  imgfetch,
  module: imgfetch,
  initrd: imgfetch,
  kernel,
  chain,
  imgselect: kernel,
  imgload: kernel,
  imgargs,
  imgexec: chain,
  boot: chain,
  imgstat,
  imgfree,
  imgset,
  imgextract,
  imgmem,
  imgdecrypt: needsImages,
  imgverify: needsImages,
  imgtrust: () => 0,
  shim,
  fdt: needsImages,
}
