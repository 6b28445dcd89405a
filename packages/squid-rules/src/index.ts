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
