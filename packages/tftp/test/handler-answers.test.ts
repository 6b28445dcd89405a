import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { Readable } from 'node:stream'

import { describe, expect, it } from 'vitest'

import {
  put,
  refuse,
  type ReadAnswer,
  type TransferRecord,
  type WriteAnswer,
} from '../src/index.ts'
import { at, folderWith, patternOf, read, serve } from './support.ts'

/** What a user of JavaScript may answer, whatever the types say. */
const wrong = (value: unknown): ReadAnswer =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the point of the test
  value as ReadAnswer

const wrongWrite = (value: unknown): WriteAnswer =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the point of the test
  value as WriteAnswer

/** Without options: a client that sends some asks once more without when they seem to be refused. */
const PLAIN = { blockSize: 512, windowSize: 1, tsize: false }

const throwing = (): never => {
  throw new Error('broken')
}

type Answers = Readonly<Record<string, () => unknown>>

const ANSWERS: Answers = {
  'a Response': () => new Response('x'),
  'a Blob': () => new Blob(['x']),
  'text as bytes': () => ({ bytes: '#!ipxe\nshell\n' }),
  'an ArrayBuffer': () => new ArrayBuffer(3),
  'an ArrayBuffer as bytes': () => ({ bytes: new ArrayBuffer(3) }),
  'a DataView': () => ({ bytes: new DataView(new ArrayBuffer(3)) }),
  'an array of 16-bit numbers': () => new Uint16Array(3),
  'an empty object': () => ({}),
  null: () => null,
  undefined: () => undefined,
  text: () => 'text',
  'a number': () => 7,
  'a function': () => () => Buffer.of(1),
  'a file that is a number': () => ({ file: 3 }),
  'a handle that is none': () => ({ handle: 3 }),
  'a size that is text': () => ({ stream: Readable.from([Buffer.of(1)]), size: '1' }),
  'a size that is negative': () => ({ size: -1, read: () => Buffer.of(1) }),
  'a reader that throws': () => ({ size: 5000, read: throwing }),
  'a reader that gives null': () => ({ size: 5000, read: () => null }),
  'a reader that gives too little': () => ({ size: 5000, read: () => Buffer.alloc(3) }),
  'a reader whose close throws, too': () => ({ size: 9, read: throwing, close: throwing }),
  'a stream of objects': () => Readable.from([{ a: 1 }]),
  'a stream of nulls': async function* () {
    await Promise.resolve()
    yield null
  },
  'a stream that failed before it was given': () => {
    const stream = new Readable({ read: () => {} })
    stream.destroy(new Error('broken'))
    return stream
  },
  'a stream that is longer than it says': () => ({ stream: Readable.from(['abc']), size: 2 }),
  'a stream that is shorter than it says': () => ({ stream: Readable.from(['abc']), size: 4 }),
  'an iterable that throws': () => ({ [Symbol.asyncIterator]: throwing }),
  'an iterator that throws': () => ({ [Symbol.asyncIterator]: () => ({ next: throwing }) }),
  'an iterator whose return throws, too': () => ({
    [Symbol.asyncIterator]: () => ({ next: throwing, return: throwing }),
  }),
  'a locked web stream': () => {
    const stream = Readable.toWeb(Readable.from(['x']))
    stream.getReader()
    return { stream }
  },
  'a refusal with a bad code': () => ({ refused: { code: 70_000, message: 'x' } }),
  'a refusal with no text': () => ({ refused: { code: 1 } }),
  'a refusal with a zero in its text': () => refuse(1, 'a\0b'),
  'a refusal with a code out of range': () => refuse(70_000, 'x'),
  'a refusal with a long text': () => refuse(1, 'x'.repeat(70_000)),
  'a throw': throwing,
  'a throw of no Error': () => {
    // oxlint-disable-next-line typescript/only-throw-error -- people do
    throw 'text'
  },
  'a rejection': () => Promise.reject(new Error('broken')),
}

describe('a read handler that answers with', () => {
  it.each(Object.entries(ANSWERS))('%s fails, and says so', async (_what, answer) => {
    const errors: [Error, TransferRecord][] = []
    const { port, record, server } = await serve({
      read: ({ filename }) => (filename === 'good' ? Buffer.from('good') : wrong(answer())),
      onError: (error, ended) => errors.push([error, ended]),
    })
    await expect(read(port, 'bad', PLAIN)).rejects.toMatchObject({ code: 'ERR_TFTP_REFUSED' })
    const ended = await record()
    expect(ended).toMatchObject({ outcome: 'failed', error: { message: expect.any(String) } })
    expect(JSON.parse(JSON.stringify(ended))).toEqual(ended)
    expect(errors).toEqual([[expect.any(Error), ended]])
    expect(errors[0]?.[0].message).toBe(ended.error?.message)
    expect(String(await read(port, 'good'))).toBe('good')
    await expect.poll(() => server.transfers).toBe(0)
  })

  it('a FIFO neither hangs nor takes the file access of the process', async () => {
    const root = await folderWith({ real: patternOf(100) })
    execFileSync('/usr/bin/mkfifo', [join(root, 'pipe')])
    const { port, records } = await serve({
      read: ({ filename }) => ({ file: join(root, filename) }),
    })
    // One more than there are threads for file access.
    await Promise.all(
      Array.from({ length: 5 }, () =>
        expect(read(port, 'pipe', PLAIN)).rejects.toMatchObject({ remoteCode: 2 }),
      ),
    )
    expect(records).toMatchObject(Array.from({ length: 5 }, () => ({ outcome: 'failed' })))
    expect((await read(port, 'real')).length).toBe(100)
  })

  it('a stream that gives nothing ends after the time of a handler', async () => {
    const { port, record } = await serve({
      read: () => new Readable({ read: () => {} }),
      limits: { handlerTimeoutMs: 50 },
    })
    await expect(read(port, 'file', PLAIN)).rejects.toThrow('could not be read')
    expect(await record()).toMatchObject({
      outcome: 'failed',
      error: { code: 'ERR_TFTP_TIMEOUT', message: 'the source gave nothing for 50 ms' },
    })
  })

  it('text in pieces sends its UTF-8 bytes', async () => {
    const { port } = await serve({
      read: () => Readable.from(['grün ', Buffer.from('und '), 'blau']),
    })
    expect(String(await read(port))).toBe('grün und blau')
  })
})

describe('a write handler that answers with', () => {
  const answers: Answers = {
    nothing: () => undefined,
    'an empty object': () => ({}),
    'a Readable': () => Readable.from(['x']),
    'a sink without abort': () => ({ write: () => {}, end: () => {} }),
    'a limit that is text': () => ({ write() {}, end() {}, abort() {}, maxBytes: '9' }),
    'a sink that throws': () => ({ write: throwing, end() {}, abort() {} }),
    'a sink that throws at its end': () => ({ write() {}, end: throwing, abort() {} }),
    'a sink whose abort throws, too': () => ({ write: throwing, end() {}, abort: throwing }),
    'a throw': throwing,
  }
  it.each(Object.entries(answers))('%s fails, and says so', async (_what, answer) => {
    const errors: Error[] = []
    const { port, record } = await serve({
      read: () => refuse(1, ''),
      write: () => wrongWrite(answer()),
      onError: (error) => errors.push(error),
    })
    await expect(put(at(port), patternOf(3000), PLAIN)).rejects.toMatchObject({
      code: 'ERR_TFTP_REFUSED',
    })
    expect(await record()).toMatchObject({
      outcome: 'failed',
      error: { message: expect.any(String) },
    })
    expect(errors).toHaveLength(1)
  })
})

describe('a listener that throws', () => {
  it.each([throwing, () => Promise.reject(new Error('broken'))])(
    'ends nothing, and onError hears of it',
    async (onTransfer) => {
      const heard: unknown[] = []
      const { port } = await serve(
        {
          read: () => Buffer.from('x'),
          onError: ({ message }, { file }) => heard.push([message, file]),
        },
        {},
        onTransfer,
      )
      expect(String(await read(port, 'one'))).toBe('x')
      expect(String(await read(port, 'two'))).toBe('x')
      await expect
        .poll(() => heard)
        .toEqual([
          ['broken', 'one'],
          ['broken', 'two'],
        ])
    },
  )

  it('is one of errors: nothing ends, either', async () => {
    const { port } = await serve({ read: throwing, onError: throwing })
    await expect(read(port, 'file', PLAIN)).rejects.toMatchObject({ remoteCode: 0 })
    await expect(read(port, 'file', PLAIN)).rejects.toMatchObject({ remoteCode: 0 })
  })
})

describe('a put', () => {
  it.each([{}, null, 'text', { bytes: 'text' }, new Response('x')])(
    'of %j rejects',
    async (source) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the point of the test
      await expect(put(at(9), source as never)).rejects.toMatchObject({
        code: 'ERR_TFTP_INVALID_ANSWER',
      })
    },
  )
})
