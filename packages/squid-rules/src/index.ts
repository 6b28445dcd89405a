/**
 * Rules and a set-up that let Squid keep one copy of every package, whatever mirror it came from, and never a
 * wrong one.
 *
 * @example
 * ```ts
 * import { generate, validate } from '@bootwire/squid-rules'
 *
 * const issues = validate({ use: ['debian', 'rocky'] })
 * const { files } = generate({ use: ['debian', 'rocky'] })
 * ```
 * @module
 */
export { CATALOGUE } from './catalogue/index.ts'
export { KEY_DOMAIN, type FileClass, type Repository, type Rule } from './catalogue/model.ts'
export type {
  CacheOptions,
  Options,
  OwnRepository,
  OwnRule,
  RulesOptions,
  Sibling,
  Site,
} from './config/options.ts'
export type { Issue } from './config/shape.ts'
export { validate } from './config/validate.ts'
export { ERROR_CODES, SquidRulesError, type ErrorCode } from './errors.ts'
export { generate, type Generated } from './generate.ts'
export { SNAPSHOT, type Snapshot } from './mirrors/snapshot.ts'
export { compileRules } from './generate.ts'
export { createEngine, type Engine } from './engine/engine.ts'
export { explain, type Explanation, type Reason } from './engine/explain.ts'
export { createPin, type Pin } from './engine/pin.ts'
export type { CompiledRepository, CompiledRule } from './engine/compile.ts'
export { LINT_CODES, type Finding, type LintCode } from './lint/finding.ts'
export { lintSquidConf } from './lint/squid-conf.ts'
export { lintStoreIdDb } from './lint/storeid-db.ts'
export { judgeRegex, type Verdict } from './regex/backtracking.ts'
export { simulate, type Collision, type Simulation } from './log/simulate.ts'
export { diagnose, type Complaint, type Evidence } from './doctor/diagnose.ts'
export { importMirrorList, importStoreIdDb, type Imported } from './import/import.ts'
