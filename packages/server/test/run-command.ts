import { capture } from '@bootwire-internal/cli/testing'

import { bootwireCli } from '../src/commands/main.ts'
import { FEATURES } from '../src/features/index.ts'

const { main } = bootwireCli(FEATURES)

/** Runs a command line in this process. */
export const bootwire = async (
  ...args: string[]
): Promise<{ code: number | undefined; out: string; err: string }> => {
  const { code, out, err } = await capture(main, args)
  return { code, out, err }
}
