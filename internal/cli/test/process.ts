// A program for process.test.ts: what only a real process shows.
import { defineCli, defineCommand } from '../src/index.ts'

const endless = (): Promise<never> => new Promise(() => setInterval(() => {}, 60_000))

const { main } = defineCli({
  name: 'sample',
  version: '1.2.3',
  summary: 'shows the kit',
  commands: {
    flood: defineCommand({
      summary: 'prints much more than a pipe holds',
      run: ({ print }) => {
        for (let i = 0; i < 20_000; i++) print(`line ${i} ${'.'.repeat(80)}`)
      },
    }),
    stop: defineCommand({
      summary: 'stops when it is told to',
      run: async ({ signal, print }) => {
        print('ready')
        const timer = setInterval(() => {}, 60_000)
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        clearInterval(timer)
        print('stopped')
      },
    }),
    abort: defineCommand({
      summary: 'throws when it is told to stop',
      run: async ({ signal, print }) => {
        print('ready')
        const timer = setInterval(() => {}, 60_000)
        try {
          await new Promise((_resolve, reject) =>
            signal.addEventListener('abort', () => reject(signal.reason)),
          )
        } finally {
          clearInterval(timer)
        }
      },
    }),
    stubborn: defineCommand({
      summary: 'hears the first signal and goes on',
      run: ({ signal, print }) => {
        signal.addEventListener('abort', () => print('not yet'))
        print('ready')
        return endless()
      },
    }),
    deaf: defineCommand({
      summary: 'does not ask for signals',
      run: ({ print }) => {
        print('ready')
        return endless()
      },
    }),
  },
})

process.exitCode = await main(process.argv.slice(2))
