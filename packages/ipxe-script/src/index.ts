/**
 * Build, print, parse, lint and run iPXE scripts.
 *
 * @module
 */
export * from './errors.ts'
export * from './syntax/index.ts'
export * from './table/index.ts'
