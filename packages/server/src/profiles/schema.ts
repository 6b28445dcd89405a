import { z } from 'zod'

import { FORMAT_NAMES } from '../model/answer-formats.ts'
import { text, vars } from './fields.ts'
import { PROFILE_KINDS, PROGRAM_KINDS } from './kinds.ts'

const ANSWER_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/
const answerName = z.string().regex(ANSWER_NAME, 'must be 1 to 63 letters, digits, `.`, `_` or `-`')
const answer = z
  .strictObject({
    template: text('file with the template').optional(),
    text: z.string().max(1_048_576).optional().describe('the template itself'),
    format: z
      .enum(FORMAT_NAMES)
      .optional()
      .describe('decides content type and escaping; else by the ending of the name'),
  })
  .refine((given) => (given.template === undefined) !== (given.text === undefined), {
    error: 'must have either `template` or `text`',
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
        id: text('a name of this installation; another one installs machines again').optional(),
        retries: z
          .int()
          .min(0)
          .max(100)
          .optional()
          .describe(
            'how many reported failures are followed by another attempt; after one more the machine boots its disk until a person says otherwise. Default: 0',
          ),
      }),
    ],
    { error: 'must be true, false or { after, done, id, retries }' },
  )
  .describe('boot this profile once (install), then the local disk')

/** Keys before those of the kinds, and after them: the order of the reference. */
const before = {
  extends: text(
    'profile that this one adds to: args are appended, vars and answers merged',
  ).optional(),
  description: text('shown in menus').optional(),
}
const after = {
  answers: z.record(answerName, answer).optional().describe('files that an installer asks for'),
  once: once.optional(),
  vars: vars.optional(),
}

/** A profile as the file has it; what its kind makes of the other keys, the kind knows. */
export type ProfileInput = Readonly<
  z.infer<z.ZodObject<typeof before & typeof after>> & Record<string, unknown>
>

/** The schema of a profile, from the tables of kinds. */
export const profileSchema = (): z.ZodType<ProfileInput> =>
  z.strictObject({
    ...before,
    ...Object.fromEntries(PROFILE_KINDS.flatMap(({ fields }) => Object.entries(fields))),
    ...Object.fromEntries(PROGRAM_KINDS.map(({ key, field }) => [key, field])),
    ...after,
  })
