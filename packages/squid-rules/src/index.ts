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
} from './options/options.ts'
export type { Issue } from './options/shape.ts'
export { validate } from './options/validate.ts'
export { ERROR_CODES, SquidRulesError, type ErrorCode } from './errors.ts'
export { generate, type Generated } from './generate/generate.ts'
export { SNAPSHOT, type Snapshot } from './catalogue/snapshot.ts'
export { compileRules } from './generate/generate.ts'
export { createEngine, type Engine } from './engine/engine.ts'
export { explain, type Explanation, type Reason } from './engine/explain.ts'
export { createPin, type Pin } from './engine/pin.ts'
export type { CompiledRepository, CompiledRule } from './engine/compile.ts'
export { LINT_CODES, type Finding, type LintCode } from './lint-finding.ts'
export { lintSquidConf } from './squid-conf/lint.ts'
export { lintStoreIdDb } from './storeid-db/lint.ts'
export { judgeRegex, type Verdict } from './regex/backtracking.ts'
export { simulate, type Collision, type Simulation } from './operate/replay-log.ts'
export { filesNamedIn, type ConfigEvidence } from './operate/doctor/config.ts'
export { diagnose, type Evidence } from './operate/doctor/diagnose.ts'
export { DOCTOR_CODES, type DoctorFinding } from './operate/doctor/finding.ts'
export { importMirrorList, importStoreIdDb, type Imported } from './operate/import.ts'
export { learn, type Lesson, type Lessons } from './operate/learn.ts'
export { lintFile, type LintedAs } from './operate/lint-file.ts'
export { forThisHost } from './operate/for-this-host.ts'
export { writeFiles } from './operate/write-files.ts'
export { createFetch, type Fetch, type Fetched } from './verified/fetch.ts'
export { indexOnce, rootsSeen, type IndexRun } from './verified/indexer.ts'
export { INDEX_NOTICES, type IndexNotice, type SignedSource } from './verified/source.ts'
export { readManifest, type Manifest } from './verified/manifest.ts'
export { openVerified } from './verified/open.ts'
export type { VerifiedEngine } from './verified/engine.ts'
