import { capture } from '@bootwire-internal/cli/testing'

import { main } from '../src/main.ts'

/** Runs a command line in this process. */
export const bootwire = async (
  ...args: string[]
): Promise<{ code: number; out: string; err: string }> => {
  const { code, out, err } = await capture(main, args)
  return { code, out, err }
}
