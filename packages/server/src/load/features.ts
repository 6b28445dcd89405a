import { schemaIssues } from '../config/schema.ts'
import { findingsOf } from '../config/shape.ts'
import type { ConfigHost, Findings } from '../model/issues.ts'
import type { AdminSettings } from '../model/plan.ts'
import { CORE_CLAIMS } from '../seam/core-claims.ts'
import type { FeatureRow } from '../seam/feature.ts'
import { clashesOf, type OwnedClaim } from '../seam/route.ts'

/** Owned by the core, the claims of no feature. */
const CORE: readonly OwnedClaim[] = Object.values(CORE_CLAIMS).map((claim) => ({
  ...claim,
  owner: 'the core',
}))

/**
 * Checks what stands under the keys of features. What is not configured is not loaded.
 * @returns what templates can name because of them
 */
export const checkFeatures = async (
  rows: readonly FeatureRow[],
  settings: Readonly<Record<string, unknown>>,
  admin: AdminSettings,
  host: ConfigHost,
  findings: Findings,
): Promise<Readonly<Record<string, unknown>>> => {
  const values: Record<string, unknown> = {}
  const claims: OwnedClaim[] = [...CORE]
  /** What a feature would claim whose settings are wrong is not known. */
  let isKnown = true
  for (const { name, key, load } of rows) {
    if (key === undefined || !Object.hasOwn(settings, key)) continue
    // oxlint-disable-next-line no-await-in-loop -- in the order of the table
    const { schema, open } = await load()
    const parsed = schema?.safeParse(settings[key])
    if (schema && parsed?.error) {
      for (const issue of schemaIssues(parsed.error, [key]))
        for (const finding of findingsOf(issue, settings, { [key]: schema }))
          findings.addFinding(finding)
      isKnown = false
      continue
    }
    if (!open) continue
    const feature = open(settings[key])
    const report = (path: readonly (string | number)[], message: string) =>
      findings.add(name, [key, ...path], message)
    // oxlint-disable-next-line no-await-in-loop -- in the order of the table
    await feature.check?.({ host, report })
    const own = (feature.routes ?? []).map((route) => ({ ...route, owner: `\`${key}\`` }))
    claims.push(...own)
    Object.assign(values, feature.values)
    for (const clash of clashesOf(claims, claims.length - own.length))
      findings.add('route', [key], clash)
  }
  const isUsable = admin.tokens.length > 0 || claims.some(({ admit }) => admit !== undefined)
  if (
    admin.listen &&
    isKnown &&
    !isUsable &&
    !findings.all.some(({ path }) => path[1] === 'admin')
  ) {
    const why =
      'nobody can use this address without `tokens` or `page`; write one, or leave `listen` out'
    findings.add('no-token', ['server', 'admin', 'listen'], why)
  }
  return values
}
