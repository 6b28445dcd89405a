import type { AnyProfile } from '../../table/index.ts'
import { UNSELECTED } from '../flow.ts'
import { type GivenCommand, isDynamic, type Model, optionOf } from '../model.ts'
import { at, type Rule } from '../rule.ts'
import { listed } from '../suggest.ts'

const canonical = ({ spec }: GivenCommand): string => spec?.canonical ?? ''

/** A kernel's command line: where it is given, and its words. */
interface CommandLine {
  readonly command: GivenCommand
  readonly words: GivenCommand['args']
}

const isDownload = (command: GivenCommand): boolean => canonical(command) === 'imgfetch'

/** The name an image gets: `--name`, else the last part of its URI. Undefined where only the machine knows. */
const imageName = (command: GivenCommand): string | undefined => {
  const name =
    optionOf(command, 'name')?.value ??
    command.args[0]?.text.replace(/[?#].*$/, '').replace(/^.*\//, '')
  return name === undefined || isDynamic(name) ? undefined : name
}

interface Boot {
  readonly kernel: GivenCommand
  readonly lines: readonly CommandLine[]
  readonly initrds: readonly GivenCommand[]
  /** No image but these can be there: everything was discarded before, or the script began here. */
  readonly isClean: boolean
}

/** A jump, always taken, to a label where nothing is done but to boot. */
const goesToBoot = (model: Model, { name, args, before }: GivenCommand): boolean => {
  const row =
    name.text === 'goto' && before === undefined ? model.labels.get(args[0]?.text ?? '') : undefined
  if (row === undefined) return false
  const first = model.commands[model.lines[row]!.from]
  return first !== undefined && canonical(first) === 'chain' && first.args.length === 0
}

/**
 * Kernels with the initrds loaded up to their `boot`: a stretch of lines from one selection to the next boot. Simple on
 * purpose: scripts that jump in between are not judged, so a label begins anew; but a `boot` that several share is one for each.
 */
const boots = (model: Model): Boot[] => {
  const found: Boot[] = []
  let kernel: GivenCommand | undefined
  let lines: CommandLine[] = []
  let initrds: GivenCommand[] = []
  let isClean = true
  const begin = (clean: boolean): void => {
    kernel = undefined
    initrds = []
    isClean = clean
  }
  for (const { line, segments } of model.lines) {
    if (line.label) begin(false)
    for (const command of segments) {
      if (!command) continue
      if (command.name.text === 'imgfree') begin(isClean || command.args.length === 0)
      if (isDownload(command)) initrds.push(command)
      if (canonical(command) === 'kernel' && command.args.length > 0) {
        kernel = command
        lines = [{ command, words: command.args.slice(1) }]
      }
      if (canonical(command) === 'imgargs') lines = [{ command, words: command.args.slice(1) }]
      const isBoot = canonical(command) === 'chain' && command.args.length === 0
      if (kernel && (isBoot || goesToBoot(model, command))) {
        found.push({ kernel, lines, initrds, isClean })
        begin(false)
      }
    }
  }
  return found
}

/** Kernels that take what is loaded as modules, by their own format: Xen, SmartOS, ESXi. */
const isMultiboot = ({ kernel, initrds }: Boot): boolean =>
  initrds.some(({ name }) => name.text === 'module') ||
  /(?:^|\/)(?:xen[^/]*|unix|mboot[^/]*|tboot[^/]*)(?:\.gz)?$/i.test(
    kernel.args[0]?.text.replace(/[?#].*$/, '') ?? '',
  )

const isWimboot = ({ args }: GivenCommand): boolean =>
  /wimboot|memdisk|grub|mboot|\.efi\b/i.test(args[0]?.text ?? '')

const initrdNames = (lines: readonly CommandLine[]): GivenCommand['args'] =>
  lines.flatMap(({ words }) => words.filter(({ text }) => text.startsWith('initrd=')))

/** Builds under which a kernel finds its initrd without being told its name. */
const findsItsInitrd = ({ firmware, traits }: AnyProfile): boolean =>
  !firmware.includes('efi') || traits.hasInitrdMagic

/** Builds under which `sanboot --drive 0x80` boots the first disk, or that do not run under EFI at all. */
const bootsFirstDisk = ({ firmware, traits }: AnyProfile): boolean =>
  !firmware.includes('efi') || traits.bootsEfiDisk

/** Whether anything between two lines looks at what was loaded, or jumps. */
const asksBetween = (model: Model, from: number, to: number): boolean =>
  model.lines
    .slice(from + 1, to)
    .some(({ segments }) =>
      segments.some((one) =>
        ['isset', 'iseq', 'imgstat', 'goto', 'kernel'].includes(one ? canonical(one) : ''),
      ),
    )

const asksForPlatform = ({ commands }: Model): boolean =>
  commands.some(({ words }) => words.some(({ text }) => text.includes('${platform}')))

/** `sanboot` of a local drive, with the number it names. */
const localDrives = (
  model: Model,
): readonly { readonly command: GivenCommand; readonly drive: number }[] =>
  model.commands
    .filter((command) => command.name.text === 'sanboot' && command.args.length === 0)
    .map((command) => ({ command, drive: Number(optionOf(command, 'drive')?.value ?? '0x80') }))

/** Rules about images and what boots. */
export const imageRules: readonly Rule[] = [
  {
    id: 'boot-without-image',
    severity: 'error',
    summary: 'boot runs with no image selected',
    why: '`boot` without a selected image prints "No image selected" and _succeeds_: `boot || goto failed` does not jump, and the script goes on or falls out of its end.',
    bad: 'initrd http://boot.example/initrd.img || exit 1\nboot || exit 1\n',
    good: 'kernel http://boot.example/vmlinuz initrd=initrd.img || exit 1\ninitrd http://boot.example/initrd.img || exit 1\nboot || exit 1\n',
    check: ({ model, flow }) =>
      model.commands
        .filter((command) => canonical(command) === 'chain' && command.args.length === 0)
        .flatMap((command) =>
          flow.before.get(command) === UNSELECTED
            ? [
                at(
                  command.name,
                  `no image is selected when ${command.name.text} runs, and it succeeds all the same`,
                ),
              ]
            : [],
        ),
  },
  {
    id: 'boot-maybe-without-image',
    severity: 'warning',
    summary: 'boot may run with no image selected',
    why: 'A failed `kernel` that is ignored leaves no image selected, and `boot` then succeeds without booting anything.',
    bad: 'imgfree\nkernel http://boot.example/vmlinuz ||\nboot || shell\n',
    good: 'imgfree\nkernel http://boot.example/vmlinuz || shell\nboot || shell\n',
    check: ({ model, flow }) =>
      model.commands
        .filter(
          (command) =>
            canonical(command) === 'chain' &&
            command.args.length === 0 &&
            flow.before.get(command) === 3 &&
            model.lines
              .slice(Math.max(0, command.row - 6), command.row)
              .some(
                ({ segments, row }) =>
                  segments.at(-1) === undefined &&
                  segments.some(
                    (other) => other && canonical(other) === 'kernel' && other.after === '||',
                  ) &&
                  !asksBetween(model, row, command.row),
              ),
        )
        .map((command) =>
          at(
            command.name,
            'a kernel that failed is ignored above, and boot succeeds without an image',
          ),
        ),
  },
  {
    id: 'missing-initrd-argument',
    severity: 'warning',
    summary: 'The kernel is not told of its initrd',
    why: 'Under BIOS the kernel gets every image. Under UEFI it asks iPXE for the files that `initrd=` names, and without it panics for lack of a root file system. iPXE of 2023-02 and later also offers the initrd by a device path that Linux 5.7 and later asks for by itself.',
    bad: 'imgfree\nkernel http://boot.example/vmlinuz console=ttyS0 || shell\ninitrd http://boot.example/initrd.img || shell\nboot || shell\n',
    good: 'imgfree\nkernel http://boot.example/vmlinuz initrd=initrd.img console=ttyS0 || shell\ninitrd http://boot.example/initrd.img || shell\nboot || shell\n',
    check: ({ model, profiles }) =>
      boots(model)
        .filter((one) => !isMultiboot(one))
        .filter(
          ({ kernel, lines, initrds }) =>
            !(profiles.length > 0 && profiles.every(findsItsInitrd)) &&
            initrds.length > 0 &&
            !isWimboot(kernel) &&
            initrdNames(lines).length === 0 &&
            !lines.some(({ words }) =>
              words.some(({ text }) => isDynamic(text) && !text.includes('=')),
            ),
        )
        .map(({ lines }) =>
          at(
            lines[0]!.command.name,
            'the command line has no initrd=, which the kernel needs under UEFI',
          ),
        ),
  },
  {
    id: 'initrd-name',
    severity: 'error',
    summary: 'initrd= names no image',
    why: 'Under UEFI the kernel opens the file of exactly that name: the last part of the URI, or what `--name` says. Another name is not found and the kernel panics.',
    bad: 'imgfree\nkernel http://boot.example/vmlinuz initrd=initrd || shell\ninitrd http://boot.example/initrd.img || shell\nboot || shell\n',
    good: 'imgfree\nkernel http://boot.example/vmlinuz initrd=initrd || shell\ninitrd --name initrd http://boot.example/initrd.img || shell\nboot || shell\n',
    check: ({ model }) =>
      boots(model).flatMap(({ lines, initrds, isClean }) => {
        if (!isClean) return []
        const names = new Set(initrds.flatMap((initrd) => imageName(initrd) ?? []))
        if (initrds.some((initrd) => imageName(initrd) === undefined)) return []
        return initrdNames(lines).flatMap((word) => {
          const wanted = word.text.slice('initrd='.length)
          if (isDynamic(wanted) || wanted === 'initrd.magic' || names.has(wanted)) return []
          const has = names.size === 0 ? 'none is loaded' : `there is ${listed(names)}`
          return [at(word, `no image is named ${wanted}; ${has}`)]
        })
      }),
  },
  {
    id: 'initrd-magic',
    severity: 'error',
    summary: 'initrd.magic needs a build of 2021-05 or later',
    why: 'The combined RAM disk under the name `initrd.magic` came in May 2021. In Debian 12 (a build of 2019) the kernel does not find it under UEFI.',
    bad: 'kernel http://boot.example/vmlinuz initrd=initrd.magic || shell\nboot || shell\n',
    good: 'kernel http://boot.example/vmlinuz initrd=initrd.img || shell\ninitrd http://boot.example/initrd.img || shell\nboot || shell\n',
    profile: 'debian12',
    check: ({ model, profiles }) =>
      profiles
        .filter(({ traits }) => !traits.hasInitrdMagic)
        .flatMap(({ name }) =>
          model.commands.flatMap(({ words }) =>
            words
              .filter(({ text }) => text === 'initrd=initrd.magic')
              .map((word) => at(word, `${name} has no initrd.magic under UEFI`)),
          ),
        ),
  },
  {
    id: 'missing-imgfree',
    severity: 'warning',
    summary: 'Images left over are given to the kernel',
    why: 'A script that was chained stays in the image list, and under BIOS every image is part of the initrd. `imgfree` before `kernel` discards what is left over.',
    bad: ':install\nkernel http://boot.example/vmlinuz || goto install\nboot || shell\n',
    good: ':install\nimgfree\nkernel http://boot.example/vmlinuz || goto install\nboot || shell\n',
    check: ({ model }) => {
      const [first] = model.commands.filter((command) => canonical(command) === 'kernel')
      const isFreed = model.commands.some(
        (command) =>
          command.name.text === 'imgfree' ||
          command.options.some(({ option }) => option?.long === 'autofree'),
      )
      return first && !isFreed && model.labels.size > 0
        ? [at(first.name, 'nothing discards images left over from before; imgfree does')]
        : []
    },
  },
  {
    id: 'imgargs-name',
    severity: 'error',
    summary: 'imgargs names an image that is not loaded',
    why: '`imgargs` downloads what it does not know, from a URI relative to the script. The name is the last part of the URI, or what `--name` says.',
    bad: 'kernel http://boot.example/linux-6.1 || shell\nimgargs vmlinuz console=ttyS0\nboot || shell\n',
    good: 'kernel --name vmlinuz http://boot.example/linux-6.1 || shell\nimgargs vmlinuz console=ttyS0\nboot || shell\n',
    check: ({ model }) => {
      const loads = model.commands.filter(
        (command) => isDownload(command) || canonical(command) === 'kernel',
      )
      const names = new Set(loads.flatMap((load) => imageName(load) ?? []))
      if (loads.some((load) => imageName(load) === undefined)) return []
      return model.commands
        .filter((command) => canonical(command) === 'imgargs')
        .flatMap(({ args: [word] }) =>
          !word || isDynamic(word.text) || /[:/]/.test(word.text) || names.has(word.text)
            ? []
            : [
                at(
                  word,
                  `no image is named ${word.text}${names.size > 0 ? `; there is ${listed(names)}` : ''}`,
                ),
              ],
        )
    },
  },
  {
    id: 'local-disk-efi',
    severity: 'warning',
    summary: 'sanboot of a local disk on a build that boots none under UEFI',
    why: 'Builds before March 2024 know drive 0x80 as the first disk under BIOS only. Under UEFI leave with `exit 1`, so that the firmware tries its next boot entry.',
    bad: 'sanboot --no-describe --drive 0x80 || exit 1\n',
    good: 'iseq ${platform} efi && exit 1 ||\nsanboot --no-describe --drive 0x80 || exit 1\n',
    profile: 'debian12',
    check: ({ model, profiles }) => {
      const old = profiles.find((build) => !bootsFirstDisk(build))
      const isHooked = model.commands.some(({ name }) => name.text === 'sanhook')
      if (!old || isHooked || asksForPlatform(model)) return []
      return localDrives(model)
        .filter(({ drive }) => drive >= 0x80)
        .map(({ command }) =>
          at(
            command.name,
            `${old.name} boots the disk under BIOS only; nothing asks for \${platform}`,
          ),
        )
    },
  },
  {
    id: 'floppy-drive',
    severity: 'warning',
    summary: 'Drive 0 is the floppy under BIOS',
    why: 'BIOS counts floppies from 0 and disks from 0x80. `sanboot --drive 0` means any local disk under UEFI since March 2024, and the first floppy, which is not there, under BIOS (FOGProject/fogproject#1741).',
    bad: 'sanboot --no-describe --drive 0 || exit 1\n',
    good: 'sanboot --no-describe --drive 0x80 || exit 1\n',
    check: ({ model, profiles }) => {
      const isEfiOnly =
        profiles.length > 0 && profiles.every(({ firmware }) => !firmware.includes('bios'))
      if (isEfiOnly || asksForPlatform(model)) return []
      return localDrives(model)
        .filter(({ command, drive }) => drive < 0x80 && !optionOf(command, 'filename'))
        .map(({ command, drive }) =>
          at(
            optionOf(command, 'drive')!.valueWord ?? command.name,
            `drive ${drive} is a floppy under BIOS; the first disk is 0x80`,
          ),
        )
    },
  },
  {
    id: 'shim-order',
    severity: 'error',
    summary: 'shim comes after boot',
    why: '`shim` tells iPXE what to start before the kernel, so it stands before `boot`.',
    bad: 'kernel http://boot.example/vmlinuz || shell\nboot ||\nshim http://boot.example/shimx64.efi || shell\n',
    good: 'kernel http://boot.example/vmlinuz || shell\nshim http://boot.example/shimx64.efi || shell\nboot ||\n',
    check: ({ model }) => {
      const booted = model.commands.findIndex(
        (command) => canonical(command) === 'chain' && command.args.length === 0,
      )
      const last = model.commands.findLastIndex((command) => canonical(command) === 'chain')
      return model.commands
        .filter(({ name, order }) => name.text === 'shim' && booted >= 0 && order > last)
        .map((command) => at(command.name, 'boot stands above already'))
    },
  },
]
