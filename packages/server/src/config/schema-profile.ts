import { z } from 'zod'

import type { ProfileInput } from '../model/types.ts'
import { text, vars } from './schema-common.ts'

const ANSWER_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/
const answerName = z.string().regex(ANSWER_NAME, 'must be 1 to 63 letters, digits, `.`, `_` or `-`')
const texts = (description: string) =>
  z
    .union([text(''), z.array(text(''))], { error: 'must be a text or a list of texts' })
    .describe(description)
const answer = z
  .strictObject({
    template: text('file with the template').optional(),
    text: z.string().max(1_048_576).optional().describe('the template itself'),
    format: z
      .enum([
        'kickstart',
        'preseed',
        'shell',
        'cloud-init',
        'yaml',
        'ignition',
        'json',
        'xml',
        'ipxe',
        'text',
      ])
      .optional()
      .describe('decides content type and escaping; else by the ending of the name'),
  })
  .refine((given) => (given.template === undefined) !== (given.text === undefined), {
    error: 'must have either `template` or `text`',
  })

const menu = z.strictObject({
  title: text('first line').optional(),
  items: z
    .array(
      z.union(
        [
          text(''),
          z.strictObject({
            profile: text('profile to boot'),
            label: text('what the menu shows').optional(),
            key: z
              .string()
              .regex(/^[a-zA-Z0-9]$/, 'must be one letter or digit')
              .optional()
              .describe('key that picks it'),
          }),
        ],
        { error: 'must be the name of a profile, or { profile, label, key }' },
      ),
    )
    .min(1)
    .max(64),
  default: text('profile chosen after the time-out').optional(),
  timeoutSeconds: z.int().min(0).max(3600).optional().describe('0 waits for ever'),
})

const once = z
  .union(
    [
      z.boolean(),
      z.strictObject({
        after: text('profile for a machine that is installed, or `local`').optional(),
        done: z
          .enum(['report', 'script'])
          .optional()
          .describe(
            'what says that it is installed: the installer’s report, or already the fetch of the script',
          ),
      }),
    ],
    { error: 'must be true, false or { after, done }' },
  )
  .describe('boot this profile once (install), then the local disk')

/** A profile as the file has it. */
export const profile: z.ZodType<ProfileInput> = z.strictObject({
  extends: text(
    'profile that this one adds to: args are appended, vars and answers merged',
  ).optional(),
  description: text('shown in menus').optional(),
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
  edit: z
    .boolean()
    .optional()
    .describe('let a person at the console edit the arguments before booting'),
  script: text('file with an iPXE script, a template').optional(),
  module: text('.mjs file whose `script(machine)` returns an iPXE script').optional(),
  chain: z
    .url({ protocol: /^(https?|tftp)$/, error: 'must be an http, https or tftp URL' })
    .optional()
    .describe('URL of another boot script or binary'),
  menu: menu.optional().describe('let a person choose between profiles'),
  local: z.literal(true, { error: 'must be true' }).optional().describe('boot the local disk'),
  ignore: z
    .literal(true, { error: 'must be true' })
    .optional()
    .describe('never answer this machine on DHCP'),
  efi: text(
    'EFI program below `assets` that UEFI firmware gets instead of iPXE: shim or GRUB',
  ).optional(),
  httpBoot: text(
    'path below `assets`, or a URL, that UEFI HTTP Boot gets instead of iPXE',
  ).optional(),
  answers: z.record(answerName, answer).optional().describe('files that an installer asks for'),
  once: once.optional(),
  vars: vars.optional(),
})
