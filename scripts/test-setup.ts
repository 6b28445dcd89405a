import { afterAll, beforeAll } from 'vitest'

// A library that prints has forgotten its channels; a test that prints hides the failure of another.
for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
  console[method] = (...args: unknown[]) => {
    throw new Error(`console.${method} was called in a test: ${args.map(String).join(' ')}`)
  }
}

const WATCHED = new Set(['UDPWrap', 'TCPServerWrap', 'TCPSocketWrap', 'ProcessWrap', 'FSEventWrap'])
const open = (): string[] => process.getActiveResourcesInfo().filter((name) => WATCHED.has(name))

let before: number
beforeAll(() => {
  before = open().length
})

afterAll(async () => {
  // Closing a handle takes one turn of the loop; what stays for longer has been forgotten.
  for (let turn = 0; turn < 50 && open().length > before; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  const left = open()
  if (left.length > before) throw new Error(`handles left open: ${left.join(', ')}`)
})
