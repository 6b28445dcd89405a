import type { z } from 'zod'

import type { BootProgram } from '../model/plan.ts'

/** A key of profiles that names what one firmware gets from DHCP instead of iPXE. */
export interface ProgramKind {
  readonly key: string
  readonly field: z.ZodOptional<z.ZodString>
  /** Which firmware asks for it, as the DHCP package names it. */
  readonly firmware: string
  /** What is kept of it. */
  readonly compile: (file: string) => BootProgram
}
