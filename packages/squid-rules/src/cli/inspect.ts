import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { get } from 'node:http'
import { basename } from 'node:path'
import { gunzipSync } from 'node:zlib'

import { defineCommand, UsageError, type Command } from '@bootwire-internal/cli'

import { diagnose, type Evidence } from '../doctor/diagnose.ts'
import { createEngine, type Engine } from '../engine/engine.ts'
import { compileRules } from '../generate.ts'
import { createLineCutter } from '../helper/lines.ts'
import { importMirrorList, importStoreIdDb, repositoryOfList } from '../import/import.ts'
import type { Finding } from '../lint/finding.ts'
import { lintSquidConf } from '../lint/squid-conf.ts'
import { lintStoreIdDb } from '../lint/storeid-db.ts'
import { simulate } from '../log/simulate.ts'
import { emulate, runnable } from '../storeid-db/emulate.ts'
import { parseStoreIdDb } from '../storeid-db/parse.ts'
import { optionsFrom, RULES } from './shared.ts'

const engineFrom = async (
  file: string | undefined,
  warn: (line: string) => void,
): Promise<Engine> => createEngine(compileRules(await optionsFrom(file, warn)))

const findingText = (file: string, { line, code, severity, message, instead }: Finding): string =>
  `${file}:${line}: ${severity} ${code}: ${message}${instead === undefined ? '' : `\n    instead: ${instead}`}`

/** What the stock helper would answer, with the extras that Squid sends. */
const tryUrl = (file: string, url: string): string => {
  const rows = runnable(parseStoreIdDb(readFileSync(file, 'latin1')).rows)
  const found = emulate(rows, `${url} 10.0.0.9/- - GET myip=10.0.0.1 myport=3128`)
  return `${file}: ${url} -> ${found ? `${found.key} (line ${found.row.line})` : 'ERR'}`
}

export const lint: Command = defineCommand({
  summary: 'name dead, wrong, dangerous and slow lines, and say what to write instead',
  description: 'FILE is a storeid.db, or a squid.conf where its name holds ".conf".',
  positionals: 'FILE…',
  options: {
    url: { value: 'URL', summary: 'what the stock helper would answer', multiple: true },
    json: { summary: 'findings as JSON' },
  },
  run: ({ options: values, positionals, print, printJson }) => {
    for (const url of values.url) for (const file of positionals) print(tryUrl(file, url))
    const all = positionals.flatMap((file) => {
      const check = basename(file).includes('.conf') ? lintSquidConf : lintStoreIdDb
      return check(readFileSync(file, 'latin1')).map((finding) => ({ file, ...finding }))
    })
    if (values.json) printJson(all)
    else print(all.map((each) => findingText(each.file, each)).join('\n') || 'nothing to say')
    return all.some(({ severity }) => severity === 'error') ? 1 : 0
  },
})

const LOG_CHUNK_BYTES = 1024 * 1024

/**
 * Lines of files that need not fit into the memory: access logs are often larger than one text can be.
 * @yields one line without its newline
 */
const linesOf = function* (files: readonly string[]): Generator<string> {
  const buffer = Buffer.allocUnsafe(LOG_CHUNK_BYTES)
  for (const file of files) {
    const fd = openSync(file, 'r')
    const cutter = createLineCutter()
    let lines: string[] = []
    const take = (line: string): void => void lines.push(line)
    try {
      for (let length; (length = readSync(fd, buffer, 0, LOG_CHUNK_BYTES, null)) > 0; lines = []) {
        cutter.push(buffer.toString('latin1', 0, length), take)
        yield* lines
      }
    } finally {
      closeSync(fd)
    }
    cutter.end(take)
    yield* lines
  }
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

export const simulateCommand: Command = defineCommand({
  summary: 'bytes that the rules would save, duplicates, collisions, and what bypass lost',
  positionals: 'ACCESS_LOG…',
  options: { rules: RULES, json: { summary: 'as JSON' } },
  run: async ({ options: values, positionals, print, printJson, warn }) => {
    const engine = await engineFrom(values.rules, warn)
    const found = simulate(engine, linesOf(positionals))
    if (values.json) printJson(found)
    else {
      print(`${found.requests} requests, ${megabytes(found.bytes)}; ${found.unread} lines not read`)
      print(`${found.keyed} have a key; ${megabytes(found.savedBytes)} need not have been fetched`)
      print(`${found.duplicates} files came from more than one mirror`)
      print(`${found.bypassed} went past the helper, ${megabytes(found.bypassedBytes)}`)
      for (const { key, sizes, urls } of found.collisions)
        print(`collision: ${key}: ${sizes.join(', ')} bytes from ${urls.join(' ')}`)
    }
    return found.collisions.length > 0 ? 1 : 0
  },
})

const fetchPage = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    // Without the header a Squid that caches its own pages answers with counters of earlier.
    const headers = { 'cache-control': 'no-cache' }
    const request = get(url, { timeout: 10_000, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString('latin1'))
        else
          reject(
            new UsageError(
              `${url}: Squid answered ${response.statusCode}; its manager is open to localhost only`,
            ),
          )
      })
      response.on('error', reject)
    })
    request.on('timeout', () => request.destroy(new UsageError(`${url}: no answer within 10 s`)))
    request.on('error', reject)
  })

const readText = (file: string | undefined): string | undefined =>
  file === undefined ? undefined : readFileSync(file, 'latin1')

export const doctor: Command = defineCommand({
  summary: 'read a running Squid: bypassed requests, dead helpers, redirect loops',
  options: {
    squid: { value: 'HOST:PORT', summary: 'the running Squid; its manager is asked' },
    page: { value: 'NAME', summary: 'the page of its manager', default: 'store_id' },
    'cache-log': { value: 'FILE', summary: 'its cache.log' },
    'access-log': { value: 'FILE', summary: 'its access.log' },
    rules: RULES,
    json: { summary: 'findings as JSON' },
  },
  run: async ({ options: values, print, printJson, warn }) => {
    const cacheLog = readText(values['cache-log'])
    const accessLog = readText(values['access-log'])
    const manager =
      values.squid === undefined
        ? undefined
        : await fetchPage(`http://${values.squid}/squid-internal-mgr/${values.page}`)
    const evidence: Evidence = {
      ...(manager !== undefined && { manager }),
      ...(cacheLog !== undefined && { cacheLog }),
      ...(accessLog !== undefined && { accessLog }),
    }
    if (Object.keys(evidence).length === 0) {
      throw new UsageError('nothing to look at: name --squid, --cache-log or --access-log')
    }
    const found = diagnose(await engineFrom(values.rules, warn), evidence)
    if (values.json) printJson(found)
    else
      print(
        found.map(({ severity, code, message }) => `${severity} ${code}: ${message}`).join('\n') ||
          'all is well',
      )
    return found.some(({ severity }) => severity === 'error') ? 1 : 0
  },
})

export const importCommand: Command = defineCommand({
  summary: "read apt-cacher-ng's mirror lists or a storeid.db into RULES",
  positionals: 'FILE…',
  options: { repository: { value: 'NAME', summary: 'the repository that a list is of' } },
  run: ({ options: values, positionals, stderr, printJson }) => {
    const mirrors: Record<string, string[]> = {}
    for (const file of positionals) {
      const bytes = readFileSync(file)
      const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1')
      const name = values.repository ?? repositoryOfList(file)
      const isList = !text.includes('\t')
      if (isList && name === undefined)
        throw new UsageError(`${file}: for which repository? say --repository NAME`)
      const found = isList ? importMirrorList(text, name ?? '') : importStoreIdDb(text)
      for (const [each, list] of Object.entries(found.mirrors)) (mirrors[each] ??= []).push(...list)
      for (const { line, text: seen, why } of found.unused)
        stderr.write(`${file}:${line}: ${why}: ${seen}\n`)
    }
    printJson({ mirrors })
  },
})
