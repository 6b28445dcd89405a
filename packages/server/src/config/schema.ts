import { z } from 'zod'

import { FACTS, normalizeMac, type FactName } from '../model/facts.ts'
import type { Path } from '../model/issues.ts'
import { SCOPES } from '../model/scopes.ts'
import { name, text, vars } from '../profiles/fields.ts'
import { profileSchema } from '../profiles/schema.ts'

const port = (description: string) => z.int().min(0).max(65535).describe(description)

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
          regex: z
            .string()
            .min(1)
            .optional()
            .describe(
              'matches this JavaScript pattern somewhere; no look-around, no back references',
            ),
          cidr: z.string().optional().describe('an IPv4 address in this network, `10.0.0.0/8`'),
        })
        .refine((tests) => Object.keys(tests).length === 1),
    ],
    { error: 'must be a value, a list of values, or exactly one of is, in, prefix, regex, cidr' },
  )
  .describe(
    'a value, a list (any of them), or one of is, in, prefix, regex, cidr; case does not count',
  )

const factTests = (): Readonly<Record<FactName, z.ZodOptional<typeof test>>> => {
  const tests = Object.entries(FACTS).map(([fact, description]) => [
    fact,
    test.optional().describe(description),
  ])
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one for each key of FACTS
  return Object.fromEntries(tests) as Readonly<Record<FactName, z.ZodOptional<typeof test>>>
}

const match = z
  .strictObject({
    ...factTests(),
    query: z
      .record(z.string(), test)
      .optional()
      .describe('labels of the URL that asks for the script, as a chaining script may add them'),
  })
  .refine((conditions) => Object.keys(conditions).length > 0, 'must have at least one condition')
  .describe('conditions that all must hold')

const token = z
  .strictObject({
    file: text('file that holds it').optional(),
    env: text('environment variable that holds it').optional(),
    scopes: z
      .array(z.enum(SCOPES))
      .min(1)
      .describe('what it is good for: looking, ordering, metrics'),
  })
  .refine(
    ({ file, env }) => (file === undefined) !== (env === undefined),
    'must have either `file` or `env`',
  )

const admin = z
  .strictObject({
    listen: z
      .string({ error: 'must be an address and a port such as "10.0.0.5:8081"' })
      .regex(
        /^\d{1,3}(\.\d{1,3}){3}:\d{1,5}$/,
        'must be an address and a port such as "10.0.0.5:8081"',
      )
      .optional(),
    tokens: z
      .record(name, token)
      .optional()
      .describe('who may use it over TCP, by name: `Authorization: Bearer …`'),
    hosts: z
      .array(z.string().regex(/^[A-Za-z0-9.-]{1,253}$/, 'must be a host name'))
      .max(64)
      .optional()
      .describe('names beside the address by which it is asked; others are refused'),
  })
  .describe(
    'status, explanations and orders over TCP; on this host they are at a socket in the data folder',
  )

const server = z
  .strictObject({
    interface: text('network interface to serve; needed where the host has several').optional(),
    address: z
      .ipv4('must be an IPv4 address of this host')
      .optional()
      .describe('address that machines are told'),
    interfaces: z
      .array(text('name of a network interface'))
      .min(1)
      .max(64)
      .refine((names) => new Set(names).size === names.length, 'must name each interface once')
      .optional()
      .describe(
        'network interfaces to serve, VLANs too, instead of `interface` and `address`: each at the address that it has, which is followed; one that has none yet is waited for',
      ),
    data: text('folder for state and unpacked iPXE binaries').optional(),
    state: z
      .strictObject({
        etcd: z.strictObject({
          endpoints: z
            .array(
              z.string().regex(/^https?:\/\/[^/]+$/, 'must be a URL such as http://10.0.0.1:2379'),
            )
            .min(1)
            .max(16)
            .describe('URLs of its members, each tried in turn'),
          prefix: z
            .string()
            .regex(/^[A-Za-z0-9][A-Za-z0-9/_.-]{0,62}$/, 'must be a name such as `bootwire`')
            .optional()
            .describe('everything is kept below it; default: `bootwire`'),
          tls: z
            .strictObject({
              ca: text('PEM file of who signs its certificates').optional(),
              cert: text('PEM file of the certificate of this server').optional(),
              key: text('PEM file of the key of that certificate').optional(),
            })
            .optional(),
        }),
      })
      .optional()
      .describe('where machine records are kept, for several servers; default: in `data`'),
    allowReinstall: z
      .int()
      .min(0)
      .max(1_000_000)
      .optional()
      .describe(
        'most installed machines that a changed `once: { id }` may install again; a change that would install more is refused. Default: 0',
      ),
    dhcp: z
      .strictObject({
        enabled: z
          .boolean()
          .optional()
          .describe('false: no ProxyDHCP, your DHCP server names the boot file'),
        port: port('UDP port; firmware asks on 67').optional(),
        bootServerPort: port('UDP port of the boot server stage; firmware asks on 4011').optional(),
        shared: z
          .union([z.boolean(), z.literal('auto')], { error: 'must be true, false or auto' })
          .optional()
          .describe(
            'whether a DHCP server on this host keeps what is sent to port 67 of its address alone, so that broadcasts only are heard. Default: auto, where one is found',
          ),
      })
      .optional(),
    tftp: z.strictObject({ port: port('UDP port; firmware asks on 69').optional() }).optional(),
    http: z
      .strictObject({
        port: port('TCP port').optional(),
        url: z
          .string()
          .regex(
            /^https?:\/\/[^/?#\s]+(\/[^?#\s]*)?$/,
            'must be a URL such as https://boot.example',
          )
          .optional()
          .describe(
            'URL by which machines reach this server, where that is not its address and port: a reverse proxy, NAT, a virtual address',
          ),
        trustedProxies: z
          .array(z.string())
          .max(64)
          .optional()
          .describe('networks of reverse proxies, whose X-Forwarded-For says who asks'),
      })
      .optional(),
    admin: admin.optional(),
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

const coreKeys = {
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
  profiles: z.record(name, profileSchema()).optional().describe('what can be booted, by name'),
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
}

/** Schemas of the keys that features add. */
export type FeatureSchemas = Readonly<Record<string, z.ZodType>>

const configurationSchema = (features: FeatureSchemas) =>
  z.strictObject({
    ...coreKeys,
    ...Object.fromEntries(
      Object.entries(features).map(([key, schema]) => [key, schema.optional()]),
    ),
  })

/** The configuration file as written, once it has been found valid. */
export type ConfigInput = z.infer<z.ZodObject<typeof coreKeys>>
/** A condition on a fact: a value, a list (any of), or one named test. */
export type TestInput = z.infer<typeof test>
/** Conditions that all must hold. */
export type MatchInput = z.infer<typeof match>
export type MachineInput = z.infer<typeof machine>
export type GroupInput = z.infer<typeof group>

export interface SchemaIssue {
  readonly code: string
  readonly message: string
  readonly path: readonly (string | number)[]
  /** Keys that are not allowed at `path`. */
  readonly keys?: readonly string[]
}

/** What the library says of a value, in our words. */
export const schemaIssues = (error: z.ZodError, outer: Path = []): SchemaIssue[] =>
  error.issues.map((issue) => ({
    code: issue.code,
    message: issue.message,
    path: [...outer, ...issue.path.filter((key) => typeof key !== 'symbol')],
    ...(issue.code === 'unrecognized_keys' ? { keys: issue.keys } : {}),
  }))

/** Checks the shape of a configuration; what stands under the keys of features, these check themselves. */
export const checkShape = (
  value: unknown,
  keys: readonly string[],
): { readonly config: ConfigInput } | { readonly issues: readonly SchemaIssue[] } => {
  const unchecked = Object.fromEntries(keys.map((key) => [key, z.unknown()]))
  const result = configurationSchema(unchecked).safeParse(value)
  return result.success ? { config: result.data } : { issues: schemaIssues(result.error) }
}

/** The JSON Schema of the configuration file (draft 2020-12), from the definition that validates. */
export const jsonSchema = (features: FeatureSchemas = {}): Record<string, unknown> => ({
  ...z.toJSONSchema(configurationSchema(features), { io: 'input' }),
  title: 'Bootwire configuration',
})
