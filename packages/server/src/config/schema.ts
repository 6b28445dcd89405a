import { z } from 'zod'

import { FACTS, normalizeMac } from '../decide/facts.ts'
import type { ConfigInput } from './types.ts'

const NAME = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}$/
const ANSWER_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/

const text = (description: string) => z.string().min(1).max(4096).describe(description)
const port = (description: string) => z.int().min(0).max(65535).describe(description)
const name = z.string().regex(NAME, 'must be 1 to 63 letters, digits, blanks, `.`, `_` or `-`')
const answerName = z.string().regex(ANSWER_NAME, 'must be 1 to 63 letters, digits, `.`, `_` or `-`')
const texts = (description: string) =>
  z
    .union([text(''), z.array(text(''))], { error: 'must be a text or a list of texts' })
    .describe(description)
const vars = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a name such as `root_disk`'),
    z.unknown(),
  )
  .describe('values for templates; inner ones win: profile, then group, then machine')

const scalar = z.union([z.string(), z.number()])
const test = z
  .union(
    [
      scalar,
      z.array(scalar).min(1),
      z
        .strictObject({
          is: scalar.optional().describe('equal'),
          in: z.array(scalar).min(1).optional().describe('equal to one of'),
          prefix: z.string().min(1).optional().describe('begins with'),
          regex: z.string().min(1).optional().describe('matches this JavaScript pattern somewhere'),
          cidr: z.string().optional().describe('an IPv4 address in this network, `10.0.0.0/8`'),
        })
        .refine((tests) => Object.keys(tests).length === 1),
    ],
    { error: 'must be a value, a list of values, or exactly one of is, in, prefix, regex, cidr' },
  )
  .describe(
    'a value, a list (any of them), or one of is, in, prefix, regex, cidr; case does not count',
  )

const match = z
  .strictObject({
    ...Object.fromEntries(
      Object.entries(FACTS).map(([fact, description]) => [
        fact,
        test.optional().describe(description),
      ]),
    ),
    query: z
      .record(z.string(), test)
      .optional()
      .describe('labels of the URL that asks for the script, as a chaining script may add them'),
  })
  .refine((conditions) => Object.keys(conditions).length > 0, 'must have at least one condition')
  .describe('conditions that all must hold')

const server = z
  .strictObject({
    interface: text('network interface to serve; needed where the host has several').optional(),
    address: z
      .ipv4('must be an IPv4 address of this host')
      .optional()
      .describe('address that machines are told'),
    data: text('folder for state and unpacked iPXE binaries').optional(),
    dhcp: z
      .strictObject({
        enabled: z
          .boolean()
          .optional()
          .describe('false: no ProxyDHCP, your DHCP server names the boot file'),
        port: port('UDP port; firmware asks on 67').optional(),
        bootServerPort: port('UDP port of the boot server stage; firmware asks on 4011').optional(),
      })
      .optional(),
    tftp: z.strictObject({ port: port('UDP port; firmware asks on 69').optional() }).optional(),
    http: z
      .strictObject({
        port: port('TCP port').optional(),
        admin: z
          .array(z.string())
          .optional()
          .describe(
            'networks that may ask /status and /explain, which show answers and their secrets',
          ),
      })
      .optional(),
  })
  .describe('where and how the daemon serves; a change needs a restart')

const ipxe = z
  .strictObject({
    bios: text('for PC BIOS: undionly.kpxe').optional(),
    'efi-x64': text('for 64-bit UEFI on x86, also EBC: ipxe.efi').optional(),
    'efi-ia32': text('for 32-bit UEFI on x86').optional(),
    'efi-arm64': text('for 64-bit UEFI on ARM').optional(),
  })
  .describe('paths of iPXE binaries where they are not in the usual places')

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

const profile = z.strictObject({
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

const mac = z
  .string({ error: 'must be a hardware address such as "52:54:00:12:34:56"' })
  .refine(
    (value) => normalizeMac(value) !== undefined,
    'must be a hardware address such as "52:54:00:12:34:56"',
  )

const machine = z
  .strictObject({
    mac: z
      .union([mac, z.array(mac).min(1)], {
        error: 'must be a hardware address such as "52:54:00:12:34:56", or a list',
      })
      .optional()
      .describe('hardware address, or a list of them'),
    uuid: z.guid('must be a UUID').optional().describe('SMBIOS system UUID'),
    serial: text('SMBIOS serial number').optional(),
    profile: text('what it boots; without one the groups decide').optional(),
    tags: z.array(text('')).optional().describe('facts for groups to match: `match: { tag: web }`'),
    vars: vars.optional(),
  })
  .refine(
    ({ mac: m, uuid, serial }) => Boolean(m ?? uuid ?? serial),
    'must have mac, uuid or serial',
  )

const group = z.strictObject({
  name: name.describe('shown in logs and explanations'),
  match,
  profile: text('what the machines of this group boot'),
  vars: vars.optional(),
})

const secret = z
  .strictObject({
    file: text('file to read').optional(),
    env: text('environment variable').optional(),
  })
  .refine(
    ({ file, env }) => (file === undefined) !== (env === undefined),
    'must have either `file` or `env`',
  )

const configuration = z.strictObject({
  $schema: z.string().optional(),
  server: server.optional(),
  assets: text('folder served on HTTP (/assets/) and TFTP alike').optional(),
  ipxe: ipxe.optional(),
  secrets: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a name such as `root_password`'),
      secret,
    )
    .optional()
    .describe('values that are not in this file; templates write `{{ secret.NAME }}`'),
  vars: vars.optional(),
  profiles: z.record(name, profile).optional().describe('what can be booted, by name'),
  machines: z.record(name, machine).optional().describe('machines known one by one'),
  groups: z
    .array(group)
    .optional()
    .describe('machines known by what they are; the most specific match wins'),
  unknown: z
    .strictObject({
      waitSeconds: z
        .int()
        .min(0)
        .max(3600)
        .optional()
        .describe('how long the reason stays on the console'),
      after: text('`local`, `retry`, or a profile').optional(),
    })
    .optional()
    .describe('what a machine that nothing matches does after it has shown the reason'),
  squid: z.unknown().optional().describe('package cache; see @bootwire/squid-rules'),
})

export interface SchemaIssue {
  readonly code: string
  readonly message: string
  readonly path: readonly (string | number)[]
  /** Keys that are not allowed at `path`. */
  readonly keys?: readonly string[]
}

/** Checks the shape of a configuration. */
export const checkShape = (
  value: unknown,
): { readonly config: ConfigInput } | { readonly issues: readonly SchemaIssue[] } => {
  const result = configuration.safeParse(value)
  if (result.success) return { config: result.data }
  return {
    issues: result.error.issues.map((issue) => ({
      code: issue.code,
      message: issue.message,
      path: issue.path.filter((key) => typeof key !== 'symbol'),
      ...(issue.code === 'unrecognized_keys' ? { keys: issue.keys } : {}),
    })),
  }
}

/** The JSON Schema of the configuration file (draft 2020-12), from the definition that validates. */
export const jsonSchema = (): Record<string, unknown> => ({
  ...z.toJSONSchema(configuration, { io: 'input' }),
  title: 'Bootwire configuration',
})
