import { readSync, statSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'

import { messageOf } from '@bootwire-internal/common'

import { readOptions } from '../config/read-rules.ts'
import { createEngine, type Engine } from '../engine/engine.ts'
import { createPin } from '../engine/pin.ts'
import { compileRules } from '../generate.ts'
import { answerLine, rewriteReply, storeIdReply, type Reply } from './answer.ts'
import { createLineCutter } from './lines.ts'
import { statisticsLine, type Statistics } from './statistics.ts'

/** How a helper is run. */
export interface HelperOptions {
  /** The rules: `.json` or `.mjs`. */
  readonly file: string
  /** `storeid` gives keys, `rewrite` sends requests to pinned origins. */
  readonly kind: 'storeid' | 'rewrite'
  /** Seconds between two statistics lines on stderr; also one at the end. Default: none. */
  readonly statsSeconds?: number
}

/** How often the rules file is looked at, milliseconds. */
const WATCH_MS = 1000

const CHUNK_BYTES = 64 * 1024

const CHANGES_NOTHING: Reply = () => 'ERR'

const errorCode = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

/** Waits without a turn of the loop; only while Squid does not take its answers. */
const pause = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)

/** Writes all of it. False when nobody reads any more. */
const writeAll = (fd: number, bytes: Buffer): boolean => {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(fd, bytes, at)
    } catch (error) {
      // Squid gives a helper one socket as stdin and stdout, so what makes the one non-blocking makes both.
      if (errorCode(error) !== 'EAGAIN') return false
      pause()
    }
  }
  return true
}

const say = (text: string): void => void writeAll(2, Buffer.from(text))

/** Size and time of change, as one text to compare; another text while the file cannot be seen. */
const stampOf = (file: string): string => {
  try {
    const stat = statSync(file)
    return `${stat.mtimeMs} ${stat.size} ${stat.ino}`
  } catch (error) {
    return String(errorCode(error)) // reading it fails too, and says why
  }
}

/** The rules that are in force: replaced when the file changes, kept when the new ones are wrong. */
interface Rules {
  readonly reply: Reply
  readonly statistics: () => Statistics
  /** Reads the file if it changed, or at any rate. */
  readonly refresh: (force: boolean) => Promise<void>
}

/** Answers by repository: those of the engine in force and those of before. */
const givenBy = (
  engine: Engine | undefined,
  before: Readonly<Record<string, number>>,
): Record<string, number> => {
  const counts = { ...before }
  engine?.repositories.forEach(({ name }, i) => {
    const given = engine.given[i] ?? 0
    if (given > 0) counts[name] = (counts[name] ?? 0) + given
  })
  return counts
}

const createRules = ({ file, kind }: HelperOptions): Rules => {
  let current = CHANGES_NOTHING
  let engine: Engine | undefined
  let stamp = ''
  let lines = 0
  let keyed = 0
  let reloads = 0
  let refused = 0
  // What the engines before the last reload have given.
  let before: Readonly<Record<string, number>> = {}
  const started = performance.now()
  // One after the other: an older file that takes longer must not come in last.
  let turn: Promise<void> = Promise.resolve()
  const make = async (): Promise<void> => {
    const { options, warnings } = await readOptions(file)
    for (const warning of warnings) say(`bootwire-squid: warning: ${warning}\n`)
    const next = createEngine(compileRules(options))
    before = givenBy(engine, before)
    engine = next
    current =
      kind === 'storeid'
        ? storeIdReply(next.keyAt)
        : rewriteReply(createPin(next, options.origins ?? {}))
  }
  const refresh = async (force: boolean): Promise<void> => {
    const now = stampOf(file)
    if (!force && now === stamp) return
    stamp = now
    try {
      await make()
      reloads++
    } catch (error) {
      refused++
      const why = messageOf(error)
      const kept =
        reloads > 0 ? 'the last good rules stay' : 'no URL is changed until they are right'
      for (const line of why.split('\n')) say(`bootwire-squid: ${line}\n`)
      say(`bootwire-squid: rules refused, ${kept}\n`)
    }
  }
  return {
    reply(line, from) {
      lines++
      const answer = current(line, from)
      if (answer !== 'ERR') keyed++
      return answer
    },
    statistics: () => ({
      lines,
      keyed,
      reloads,
      refused,
      uptimeSeconds: Math.round((performance.now() - started) / 1000),
      repositories: givenBy(engine, before),
    }),
    refresh: (force) => (turn = turn.then(() => refresh(force))),
  }
}

/** Reads stdin to its end: through the event loop, so that signals and timers run, or at once where it is a file. */
const readInput = (take: (bytes: Buffer) => boolean): Promise<void> => {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  return new Promise((resolve) => {
    let socket: Socket
    try {
      const onread = {
        buffer,
        callback: (length: number): boolean => {
          if (take(buffer.subarray(0, length))) return true
          resolve()
          return false
        },
      }
      const stdin = { fd: 0, readable: true, writable: false, onread }
      socket = new Socket(stdin)
    } catch (error) {
      if (errorCode(error) !== 'ERR_INVALID_FD_TYPE') throw error
      for (;;) {
        const length = readSync(0, buffer, 0, CHUNK_BYTES, null)
        if (length === 0 || !take(buffer.subarray(0, length))) break
      }
      return resolve()
    }
    socket.on('end', resolve)
    socket.on('error', () => resolve()) // Squid is gone
    socket.resume()
  })
}

/** Runs until stdin ends or Squid is gone. Bad rules never end it. */
export const runHelper = async (options: HelperOptions): Promise<void> => {
  // Answers live for microseconds: a small nursery for them keeps the process small.
  setFlagsFromString('--max-semi-space-size=1')
  setFlagsFromString('--semi-space-growth-factor=1')
  const rules = createRules(options)
  await rules.refresh(true)
  const report = (): void => say(statisticsLine(rules.statistics()))
  const refresh = (force: boolean): void => void rules.refresh(force)
  process.on('SIGUSR2', report)
  process.on('SIGHUP', () => refresh(true))
  const watch = setInterval(() => refresh(false), WATCH_MS)
  const { statsSeconds } = options
  const periodic = statsSeconds === undefined ? undefined : setInterval(report, statsSeconds * 1000)
  const cutter = createLineCutter()
  let out = ''
  const answer = (line: string): void => {
    out += answerLine(line, rules.reply)
  }
  const flush = (): boolean => {
    const bytes = Buffer.from(out, 'latin1')
    out = ''
    return bytes.length === 0 || writeAll(1, bytes)
  }
  await readInput((bytes) => {
    cutter.push(bytes.toString('latin1'), answer)
    return flush()
  })
  cutter.end(answer)
  flush()
  clearInterval(watch)
  clearInterval(periodic)
  if (statsSeconds !== undefined) report()
}
