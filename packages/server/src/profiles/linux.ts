import { goto, label, recipes, script, setting, type BuiltScript } from '@bootwire/ipxe-script'
import { z } from 'zod'

import { listOf, text, texts, wordsOf } from './fields.ts'
import { loadFailureLines } from './ipxe-lines.ts'
import { profileKind, type KindTools } from './kind.ts'

interface OwnArguments {
  readonly args?: string | readonly string[] | undefined
}

interface LinuxScript {
  readonly profile: string
  readonly kernel: string
  readonly initrds: readonly string[]
  readonly args: readonly string[]
  readonly shim: string | undefined
  /** Lets a person at the console edit the arguments. */
  readonly edit: boolean
  readonly waitSeconds: number
}

/** With 1, 2, 3 and 4 seconds between: longer than a restart of the daemon takes, or of what stands before it. */
const LOAD_ATTEMPTS = 5

const linuxScript = (linux: LinuxScript): BuiltScript => {
  const { kernel, initrds, args, shim, edit, profile, waitSeconds } = linux
  const failed = label('failed')
  const cmdline = setting('cmdline')
  return script(
    edit ? recipes.editArguments({ into: cmdline, initial: args }) : [],
    recipes.retry(
      { attempts: LOAD_ATTEMPTS, otherwise: goto(failed) },
      recipes.linux({
        kernel,
        initrds,
        args: edit ? [cmdline] : args,
        ...(shim !== undefined && { shim, shimOptional: true }),
      }),
    ),
    failed,
    loadFailureLines(`"${profile}"`, waitSeconds),
  )
}

/** What is inherited is looked at where it stands. */
const checkOwnArguments = ({ name, own, files, report }: KindTools<OwnArguments>): void => {
  const { args } = own
  for (const [i, arg] of listOf(args).entries()) {
    const path = ['profiles', name, 'args', ...(typeof args === 'string' ? [] : [i])]
    files.parses(arg, 'text', path)
    if (arg.includes('${')) {
      report(
        'expansion',
        path,
        `${JSON.stringify(arg)} has an iPXE expansion; write {{ mac }}, {{ ip }} and the like, or a script of your own`,
      )
    }
  }
}

/** A kernel with its initrds and arguments. */
export const linux = profileKind({
  name: 'linux',
  key: 'kernel',
  fields: {
    kernel: text('path below `assets`, or a URL').optional(),
    initrd: texts('path below `assets`, or a URL; a list is loaded in order').optional(),
    args: texts('kernel arguments; templates such as `{{ answer.ks }}`').optional(),
    console: z
      .union([text(''), z.record(z.string(), text(''))], {
        error: 'must be a console such as `ttyS0,115200`, or a console per architecture',
      })
      .optional()
      .describe(
        'serial console, for all or per architecture: `{ x86_64: "ttyS0,115200", arm64: ttyAMA0 }`',
      ),
    shim: text(
      'shim for Secure Boot, path below `assets` or a URL: the signed one of the distribution that the kernel is of; iPXE itself must be signed for the machine',
    ).optional(),
    edit: z
      .boolean()
      .optional()
      .describe('let a person at the console edit the arguments before booting'),
  },
  appends: ['args'],
  triedBy: 'args',
  compile({ kernel = '', initrd, args, console: serial = {}, shim, edit = false }, tools) {
    tools.files.asset(kernel, tools.place('kernel'))
    if (shim !== undefined) tools.files.asset(shim, tools.place('shim'))
    const path = tools.place('initrd')
    for (const [i, file] of listOf(initrd).entries())
      tools.files.asset(file, typeof initrd === 'string' ? path : [...path, i])
    checkOwnArguments(tools)
    const consoles: Readonly<Record<string, string>> =
      typeof serial === 'string' ? { default: serial } : serial
    const files = { kernel, initrd: listOf(initrd), ...(shim !== undefined && { shim }) }
    return { kind: 'linux', ...files, args: wordsOf(args), consoles, edit }
  },
  templates: ({ kernel, initrd, shim, args }) => [
    { text: kernel, format: 'ipxe', key: 'kernel' },
    ...(shim === undefined ? [] : [{ text: shim, format: 'ipxe' as const, key: 'shim' as const }]),
    ...initrd.map((each) => ({ text: each, format: 'ipxe' as const, key: 'initrd' })),
    ...args.map((each, index) => ({
      text: each,
      format: 'text' as const,
      key: 'args',
      item: { index, of: args.length },
    })),
  ],
  wantsFacts: ({ consoles }) => Object.keys(consoles).some((key) => key !== 'default'),
  script({ kernel, initrd, shim, args, consoles, edit }, tools) {
    const words = args.map((arg) => tools.render(arg, 'text'))
    const urlOf = (file: string) => tools.assetUrl(tools.render(file, 'ipxe'))
    const serial = consoles[tools.architecture ?? ''] ?? consoles['default']
    return linuxScript({
      profile: tools.name,
      kernel: urlOf(kernel),
      initrds: initrd.map(urlOf),
      shim: shim === undefined ? undefined : urlOf(shim),
      args: [...words, ...(serial === undefined ? [] : [`console=${serial}`])],
      edit,
      waitSeconds: tools.waitSeconds,
    }).text
  },
})
