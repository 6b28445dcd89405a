import { didYouMean } from '@bootwire-internal/common'
import {
  chain,
  exit,
  recipes,
  script,
  seconds,
  type BuiltScript,
  type Key,
} from '@bootwire/ipxe-script'
import { z } from 'zod'

import { text } from './fields.ts'
import { plain } from './ipxe-lines.ts'
import { profileKind } from './kind.ts'

interface MenuEntry {
  readonly text: string
  readonly key?: string
  readonly url: string
}

const isKey = (key: string): key is Key => /^[a-zA-Z0-9]$/.test(key)

const menuScript = (
  title: string,
  items: readonly MenuEntry[],
  position: number,
  timeoutSeconds: number,
): BuiltScript => {
  const names = items.map((_, i) => `item-${i}`)
  const entries = Object.fromEntries(
    items.map(({ text: shown, key, url }, i) => [
      names[i]!,
      {
        text: plain(shown),
        ...(key !== undefined && isKey(key) && { key }),
        lines: [chain({ autofree: true, replace: true }, url).orIgnore()],
      },
    ]),
  )
  return script(
    recipes.menu(
      {
        title: plain(title),
        cancelled: exit(1),
        ...(position >= 0 && { default: names[position]! }),
        ...(timeoutSeconds > 0 && { timeout: seconds(timeoutSeconds) }),
      },
      entries,
    ),
  )
}

const item = z.strictObject({
  profile: text('profile to boot'),
  label: text('what the menu shows').optional(),
  key: z
    .string()
    .regex(/^[a-zA-Z0-9]$/, 'must be one letter or digit')
    .optional()
    .describe('key that picks it'),
})

const menuField = z.strictObject({
  title: text('first line').optional(),
  items: z
    .array(
      z.union([text(''), item], {
        error: 'must be the name of a profile, or { profile, label, key }',
      }),
    )
    .min(1)
    .max(64),
  default: text('profile chosen after the time-out').optional(),
  timeoutSeconds: z.int().min(0).max(3600).optional().describe('0 waits for ever'),
})

/** A person at the console chooses between profiles. */
export const menu = profileKind({
  name: 'menu',
  key: 'menu',
  fields: { menu: menuField.optional().describe('let a person choose between profiles') },
  compile({ menu: given }, { name, isWhole, place, reference, report }) {
    const path = place('menu')
    const items = (given?.items ?? []).map((each, i): z.infer<typeof item> => {
      const entry = typeof each === 'string' ? { profile: each } : each
      reference(entry.profile, [...path, 'items', i])
      return entry
    })
    const chosen = given?.default
    const names = items.map(({ profile }) => profile)
    if (chosen !== undefined && isWhole && !names.includes(chosen)) {
      const why = `"${chosen}" is not an item of this menu${didYouMean(chosen, names)}`
      report('menu-default', [...path, 'default'], why)
    }
    return {
      kind: 'menu',
      title: given?.title ?? name,
      items,
      ...(chosen !== undefined && { default: chosen }),
      timeoutSeconds: given?.timeoutSeconds ?? (chosen === undefined ? 0 : 30),
    }
  },
  choices: ({ items }) => items.map(({ profile }) => profile),
  script({ title, items, default: chosen, timeoutSeconds }, { choiceUrl, titleOf, noteOf }) {
    // iPXE does not tell whether a person or the time-out chose the default: in doubt it was nobody.
    const byOf = (profile: string) =>
      timeoutSeconds > 0 && profile === chosen ? 'timeout' : 'person'
    const entries = items.map(({ profile, label, key }) => ({
      text: `${label ?? titleOf(profile)}${noteOf(profile)}`,
      url: choiceUrl(profile, byOf(profile)),
      ...(key !== undefined && { key }),
    }))
    const position = items.findIndex(({ profile }) => profile === chosen)
    return menuScript(title, entries, position, timeoutSeconds).text
  },
})
