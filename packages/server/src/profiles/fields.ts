import { z } from 'zod'

const NAME = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}$/

/** A text that is not empty. */
export const text = (description: string): z.ZodString =>
  z.string().min(1).max(4096).describe(description)
/** A text or several. */
export const texts = (
  description: string,
): z.ZodUnion<readonly [z.ZodString, z.ZodArray<z.ZodString>]> =>
  z
    .union([text(''), z.array(text(''))], { error: 'must be a text or a list of texts' })
    .describe(description)
/** What profiles, machines and groups may be called. */
export const name: z.ZodString = z
  .string()
  .regex(NAME, 'must be 1 to 63 letters, digits, blanks, `.`, `_` or `-`')
/** Values for templates. */
export const vars: z.ZodRecord<z.ZodString, z.ZodUnknown> = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a name such as `root_disk`'),
    z.unknown(),
  )
  .describe('values for templates; inner ones win: profile, then group, then machine')

/** The items of a text or several. */
export const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value

/** The same without blanks around them, and without the empty ones. */
export const wordsOf = (value: string | readonly string[] | undefined): readonly string[] =>
  listOf(value)
    .map((each) => each.trim())
    .filter((each) => each !== '')
