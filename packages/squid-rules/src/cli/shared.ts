import type { Option } from '@bootwire-internal/cli'

import type { Options } from '../config/options.ts'
import { readOptions } from '../config/read-rules.ts'

/** The options of a file, or of the whole catalogue without one. */
export const optionsFrom = async (
  file: string | undefined,
  warn: (line: string) => void,
): Promise<Options> => {
  if (file === undefined) return {}
  const { options, warnings } = await readOptions(file)
  for (const warning of warnings) warn(`warning: ${warning}`)
  return options
}

/** `--rules RULES` */
export const RULES: Option & { readonly value: string } = {
  value: 'RULES',
  summary: 'your rules; default: the whole catalogue',
}
