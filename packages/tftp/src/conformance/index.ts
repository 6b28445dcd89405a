/**
 * Checks any TFTP server from outside, right or wrong packets as a rule needs them.
 *
 * @example
 * import { conformance } from '@bootwire/tftp/conformance'
 *
 * for await (const { id, result, note } of conformance({ host: '192.0.2.1', port: 69, file: 'big.bin' }))
 *   console.log(result, id, note)
 */
export { conformance } from './run.ts'
export type { ConformanceOptions, Finding } from './run.ts'
