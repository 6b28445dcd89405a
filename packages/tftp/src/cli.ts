import { main } from './cli/main.ts'

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The first one lets transfers end, the second one does not wait for them.
    if (stopping.signal.aborted) process.exit(130)
    stopping.abort()
  })
}

process.exitCode = await main(process.argv.slice(2), process, stopping.signal)
