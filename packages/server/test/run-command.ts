import { vi } from 'vitest'

import { main } from '../src/commands/main.ts'
import { FEATURES } from '../src/features/index.ts'

/** Runs a command line in this process. */
export const bootwire = async (
  ...args: string[]
): Promise<{ code: number | undefined; out: string; err: string }> => {
  const said = { out: '', err: '' }
  const keep = (stream: 'out' | 'err') => (text: string | Uint8Array) => {
    said[stream] += String(text)
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(keep('out'))
  vi.spyOn(process.stderr, 'write').mockImplementation(keep('err'))
  const code = await main(args, FEATURES)
  vi.restoreAllMocks()
  return { code, ...said }
}
