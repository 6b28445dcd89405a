import { once } from 'node:events'
import type { Readable } from 'node:stream'

/** A program of ours is there in 1 s, on a machine that is busy with others in 15 s. */
const PATIENCE_MS = 60_000

/** Waits until a program has printed the text; what it prints later is thrown away. */
export const saidSo = async (stream: Readable, text: string, name: string): Promise<void> => {
  let said = ''
  const heard = new AbortController()
  stream.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    if (said.includes(text)) heard.abort()
  })
  const signal = AbortSignal.any([heard.signal, AbortSignal.timeout(PATIENCE_MS)])
  await once(stream, 'close', { signal }).catch(() => undefined) // aborted: judged by what was said
  stream.removeAllListeners('data').resume()
  if (!heard.signal.aborted) throw new Error(`${name} did not say "${text}" but:\n${said}`)
}
