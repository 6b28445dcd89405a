import type { z } from 'zod'

import type { FeatureRow, OpenFeature } from './feature.ts'

/** A feature in use, by its name. */
export interface NamedFeature extends OpenFeature {
  readonly name: string
}

/** Keys that the configuration may have because of features. */
export const featureKeys = (rows: readonly FeatureRow[]): string[] =>
  rows.flatMap(({ key }) => (key === undefined ? [] : [key]))

/** The schemas of all keys of features; loads every feature that has one. */
export const featureSchemas = async (
  rows: readonly FeatureRow[],
): Promise<Record<string, z.ZodType>> => {
  const schemas: Record<string, z.ZodType> = {}
  for (const { key, load } of rows) {
    if (key === undefined) continue
    // oxlint-disable-next-line no-await-in-loop -- in the order of the table
    const { schema } = await load()
    if (schema) schemas[key] = schema
  }
  return schemas
}

/** The features that a configuration uses, opened; no other is loaded. */
export const openFeatures = async (
  rows: readonly FeatureRow[],
  settings: Readonly<Record<string, unknown>>,
): Promise<NamedFeature[]> => {
  const opened: NamedFeature[] = []
  for (const { name, key, load } of rows) {
    if (key === undefined || !Object.hasOwn(settings, key)) continue
    // oxlint-disable-next-line no-await-in-loop -- in the order of the table
    const { open } = await load()
    if (open) opened.push({ name, ...open(settings[key]) })
  }
  return opened
}

/** The row that has a command, or an option of `serve`. */
export const rowWith = (
  rows: readonly FeatureRow[],
  what: 'commands' | 'serveOptions',
  name: string,
): FeatureRow | undefined => rows.find((row) => Object.hasOwn(row[what] ?? {}, name))
