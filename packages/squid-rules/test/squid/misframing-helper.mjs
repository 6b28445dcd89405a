#!/usr/bin/env node
// A helper that does to a request what its URL asks for, and gives every other one a key of its own path.
import { createInterface } from 'node:readline'

const FAULTS = {
  'two-lines': (id, key) => `${id} ${key}\n${id} OK store-id=http://stray.squid.internal/\n`,
  'other-channel': (id, key) => `${Number(id) + 1000} ${key}\n${id} ${key}\n`,
  garbage: (id) => `${id} \xff%%% what?\n`,
  'zero-byte': (id) => `${id} \x00\n`,
  'mid-line': (id) => `${id} OK store-id=http://half`,
  'no-channel': (_, key) => `${key}\n`,
}

for await (const line of createInterface({ input: process.stdin })) {
  const [id, url = ''] = line.split(' ')
  const key = `OK store-id=http://key.squid.internal${url.replace(/^http:\/\/[^/]*/, '')}`
  const fault = Object.keys(FAULTS).find((name) => url.includes(name))
  const answer = fault === undefined ? `${id} ${key}\n` : FAULTS[fault](id, key)
  process.stdout.write(Buffer.from(answer, 'latin1'), () => {
    if (fault === 'mid-line') process.exit(1)
    if (fault === 'zero-byte') setTimeout(() => process.exit(1), 300)
  })
}
