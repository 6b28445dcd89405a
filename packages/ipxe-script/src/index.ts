/**
 * Build, print, parse, lint and run iPXE scripts.
 *
 * Every command of iPXE is a function here, under its own name; `recipes` has ready-made parts.
 *
 * @module
 */
export * from './build/index.ts'
export * from './errors.ts'
export * from './lint/index.ts'
export * as recipes from './recipes/index.ts'
export {
  describeOutcome,
  folder,
  parsePress,
  run,
  type BootedImage,
  type Fetch,
  type FetchReply,
  type FetchRequest,
  type ImageType,
  type Limits,
  type Machine,
  type Network,
  type NetworkCard,
  type Outcome,
  type Place,
  type Press,
  type RunOptions,
  type RunResult,
  type Step as TraceStep,
} from './run/index.ts'
export * from './syntax/index.ts'
export * from './table/index.ts'
