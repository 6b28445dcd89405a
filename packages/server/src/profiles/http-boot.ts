import { text } from './fields.ts'
import type { ProgramKind } from './program.ts'

/** UEFI HTTP Boot loads it by its URL. */
export const httpBoot: ProgramKind = {
  key: 'httpBoot',
  field: text('path below `assets`, or a URL, that UEFI HTTP Boot gets instead of iPXE').optional(),
  firmware: 'uefi-http',
  compile: (file) => ({ key: 'httpBoot', file, title: 'UEFI HTTP Boot', over: 'http' }),
}
