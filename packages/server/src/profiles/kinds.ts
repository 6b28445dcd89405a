import { chain } from './chain.ts'
import { efi } from './efi.ts'
import { httpBoot } from './http-boot.ts'
import { ignore } from './ignore.ts'
import type { ProfileKind } from './kind.ts'
import { linux } from './linux.ts'
import { local } from './local.ts'
import { menu } from './menu.ts'
import { module } from './module.ts'
import type { ProgramKind } from './program.ts'
import { script } from './script.ts'

/** Every kind of profile. Schema, reference, inheritance, trial and rendering are loops over this. */
export const PROFILE_KINDS: readonly ProfileKind[] = [
  linux,
  script,
  module,
  chain,
  menu,
  local,
  ignore,
]

/** Every key that names what one firmware gets instead of iPXE, beside whatever kind the profile is of. */
export const PROGRAM_KINDS: readonly ProgramKind[] = [efi, httpBoot]
