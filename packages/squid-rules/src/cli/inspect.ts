import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { get } from 'node:http'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'

import { createEngine, type Engine } from '../engine/engine.ts'
import { compileRules } from '../generate/generate.ts'
import { createLineCutter } from '../helper/lines.ts'
import type { Finding } from '../lint-finding.ts'
import { diagnose, type Evidence } from '../operate/diagnose.ts'
import { importMirrorList, importStoreIdDb, repositoryOfList } from '../operate/import.ts'
import { simulate } from '../operate/replay-log.ts'
import { lintSquidConf } from '../squid-conf/lint.ts'
import { emulate, runnable } from '../storeid-db/emulate.ts'
import { lintStoreIdDb } from '../storeid-db/lint.ts'
import { parseStoreIdDb } from '../storeid-db/parse.ts'
import { optionsFrom, print } from './shared.ts'
import type { Command } from './shared.ts'
import { UsageError } from './usage.ts'

const engineFrom = async (file: string | undefined): Promise<Engine> =>
  createEngine(compileRules(await optionsFrom(file)))

const findingText = (file: string, { line, code, severity, message, instead }: Finding): string =>
  `${file}:${line}: ${severity} ${code}: ${message}${instead === undefined ? '' : `\n    instead: ${instead}`}`

/** What the stock helper would answer, with the extras that Squid sends. */
const tryUrl = (file: string, url: string): string => {
  const rows = runnable(parseStoreIdDb(readFileSync(file, 'latin1')).rows)
  const found = emulate(rows, `${url} 10.0.0.9/- - GET myip=10.0.0.1 myport=3128`)
  return `${file}: ${url} -> ${found ? `${found.key} (line ${found.row.line})` : 'ERR'}`
}

export const lint: Command = {
  usage: 'storeid.db|squid.conf... [--url URL] [--json]',
  what: 'names dead, wrong, dangerous and slow lines, and says what to write instead',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean' }, url: { type: 'string', multiple: true } },
    })
    if (positionals.length === 0) throw new UsageError('no file to lint')
    for (const url of values.url ?? []) for (const file of positionals) print(tryUrl(file, url))
    const all = positionals.flatMap((file) => {
      const check = basename(file).includes('.conf') ? lintSquidConf : lintStoreIdDb
      return check(readFileSync(file, 'latin1')).map((finding) => ({ file, ...finding }))
    })
    print(
      values.json
        ? JSON.stringify(all, null, 2)
        : all.map((each) => findingText(each.file, each)).join('\n') || 'nothing to say',
    )
    return all.some(({ severity }) => severity === 'error') ? 1 : 0
  },
}

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

export const simulateCommand: Command = {
  usage: 'ACCESS_LOG... [--rules RULES] [--json]',
  what: 'bytes that the rules would save, duplicates, collisions, and what bypass lost',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { rules: { type: 'string' }, json: { type: 'boolean' } },
    })
    if (positionals.length === 0) throw new UsageError('no access log')
    const engine = await engineFrom(values.rules)
    const found = simulate(engine, linesOf(positionals))
    if (values.json) print(JSON.stringify(found, null, 2))
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
}

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

export const doctor: Command = {
  usage: '[--squid HOST:PORT] [--cache-log FILE] [--access-log FILE]',
  what: 'reads a running Squid: bypassed requests, dead helpers, redirect loops',
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        squid: { type: 'string' },
        page: { type: 'string' },
        'cache-log': { type: 'string' },
        'access-log': { type: 'string' },
        rules: { type: 'string' },
        json: { type: 'boolean' },
      },
    })
    const cacheLog = readText(values['cache-log'])
    const accessLog = readText(values['access-log'])
    const page = values.page ?? 'store_id'
    const manager =
      values.squid === undefined
        ? undefined
        : await fetchPage(`http://${values.squid}/squid-internal-mgr/${page}`)
    const evidence: Evidence = {
      ...(manager !== undefined && { manager }),
      ...(cacheLog !== undefined && { cacheLog }),
      ...(accessLog !== undefined && { accessLog }),
    }
    if (Object.keys(evidence).length === 0) {
      throw new UsageError('nothing to look at: name --squid, --cache-log or --access-log')
    }
    const found = diagnose(await engineFrom(values.rules), evidence)
    if (values.json) print(JSON.stringify(found, null, 2))
    else
      print(
        found.map(({ severity, code, message }) => `${severity} ${code}: ${message}`).join('\n') ||
          'all is well',
      )
    return found.some(({ severity }) => severity === 'error') ? 1 : 0
  },
}

export const importCommand: Command = {
  usage: 'FILE... [--repository NAME]',
  what: "reads apt-cacher-ng's mirror lists or a storeid.db into RULES",
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { repository: { type: 'string' } },
    })
    if (positionals.length === 0) throw new UsageError('no file to import')
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
        process.stderr.write(`${file}:${line}: ${why}: ${seen}\n`)
    }
    print(JSON.stringify({ mirrors }, null, 2))
    return 0
  },
}
