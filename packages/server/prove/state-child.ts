// Run by `state.ts`: changes records without an end, and says each change on stdout once it is answered.
import { writeSync } from 'node:fs'

import { EmbeddedStore } from '../src/state/journal/embedded-store.ts'

const folder = process.argv[2]!
const store = await EmbeddedStore.open({ folder, compactBytes: 30_000 })
writeSync(1, 'open\n')

const change = async (id: string): Promise<never> => {
  for (;;) {
    const before = await store.get(id)
    const boots = (before?.record.boots ?? 0) + 1
    const after = { id, identities: [`name:${id}` as const], boots, installations: 0 }
    if (await store.commit([{ ...(before && { before }), after }])) writeSync(1, `${id} ${boots}\n`)
  }
}

await Promise.all(Array.from({ length: 20 }, (_, i) => change(`m${i}`)))
