import { z } from 'zod'

import { FACTS, normalizeMac, type FactName } from '../model/facts.ts'
import { SLOTS, type IpxeSlot } from '../model/ipxe-binaries.ts'
import type { Path } from '../model/issues.ts'
import { name, text, vars } from '../profiles/fields.ts'
import { profileSchema } from '../profiles/schema.ts'
import { server } from './server-schema.ts'

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

/** A key for each kind of firmware. */
const ipxeKeys = (): Readonly<Record<IpxeSlot, z.ZodOptional<z.ZodString>>> => {
  const keys = SLOTS.map(({ slot, described }) => [slot, text(described).optional()])
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one for each slot
  return Object.fromEntries(keys) as Readonly<Record<IpxeSlot, z.ZodOptional<z.ZodString>>>
}

const ipxe = z
  .strictObject(ipxeKeys())
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
    // What is wrong with a key is said inside.
    message:
      issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message,
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
