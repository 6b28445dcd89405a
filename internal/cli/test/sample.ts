import {
  defineCli,
  defineCommand,
  nameAndValue,
  portNumber,
  UsageError,
  wholeNumber,
} from '../src/index.ts'

/** An error as the packages have them. */
export class SampleError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

const get = defineCommand({
  summary: 'read a file',
  positionals: 'URL [FILE]',
  options: {
    window: {
      value: 'BLOCKS',
      short: 'w',
      summary: 'blocks under way',
      default: '16',
      read: wholeNumber(1, 64, 'blocks'),
    },
    port: { value: 'PORT', summary: 'where to ask', read: portNumber },
    mode: { choices: ['octet', 'netascii'], summary: 'how' },
    set: { value: 'NAME=VALUE', summary: 'a setting', multiple: true, read: nameAndValue },
    json: { summary: 'as JSON' },
  },
  run: ({ options, positionals, printJson }) => printJson({ ...options, positionals }),
})

const need = defineCommand({
  summary: 'needs a key',
  description: 'Needs a key.\n\nSecond paragraph.',
  options: {
    key: { value: 'KEY', short: 'k', required: true, summary: 'the key' },
    quiet: { summary: 'no words' },
  },
  run: ({ options: { key }, print, warn }) => {
    print(key)
    warn('careful')
  },
})

const FAULTS: Readonly<Record<string, () => unknown>> = {
  usage: () => new UsageError('no such thing'),
  coded: () => new SampleError('ERR_SAMPLE_LIMIT', 'too many'),
  system: () => Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' }),
  own: () => new SampleError('ERR_SAMPLE_CONFIG', 'a:1:1: wrong\nb:2:2: wrong'),
  defect: () => new TypeError('x is undefined'),
}

const fail = defineCommand({
  summary: 'fails',
  positionals: 'HOW',
  run: ({ positionals: [how] }) => {
    throw FAULTS[how]?.()
  },
})

const many = defineCommand({
  summary: 'takes files',
  positionals: 'FILE…',
  run: ({ positionals, paint, print }) => {
    print(paint('red', positionals.join('+')))
    return positionals.length > 2 ? 1 : 0
  },
})

/** A program that has one of everything. */
export const sample = defineCli({
  name: 'sample',
  version: '1.2.3',
  summary: 'shows the kit',
  notes: 'A URL is tftp://HOST/FILE.',
  reportOf: (error) =>
    error instanceof SampleError && error.code === 'ERR_SAMPLE_CONFIG'
      ? { exitCode: 2, form: 'whole' }
      : undefined,
  commands: {
    get,
    need,
    fail,
    many,
    late: { summary: 'is loaded late', load: () => Promise.resolve(need) },
    other: {
      summary: 'is another program',
      delegate: () =>
        Promise.resolve((args, host) => {
          host?.stdout?.write(`other got ${args.join(' ')}\n`)
          return Promise.resolve(3)
        }),
    },
  },
})
