import { existsSync, readFileSync } from 'node:fs'
import { get } from 'node:http'

import { defineCommand, UsageError, type Command } from '@bootwire-internal/cli'

import { filesNamedIn, type ConfigEvidence } from '../operate/doctor/config.ts'
import { diagnose, type Evidence } from '../operate/doctor/diagnose.ts'
import { squidBuild } from '../operate/squid-build.ts'
import { engineFrom, RULES_OPTION } from './rules.ts'

const PAGE_MS = 10_000

const fetchPage = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    // Without the header a Squid that caches its own pages answers with counters of earlier.
    const headers = { 'cache-control': 'no-cache' }
    const request = get(url, { timeout: PAGE_MS, headers }, (response) => {
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

const readConfig = (file: string): ConfigEvidence => {
  const text = readFileSync(file, 'latin1')
  return { text, file, missing: filesNamedIn(text).filter((path) => !existsSync(path)) }
}

export const doctor: Command = defineCommand({
  summary: 'reads a running Squid: dead helpers, denied hosts, failed origins, lost keys',
  options: {
    squid: { value: 'HOST:PORT', summary: 'ask its manager' },
    page: {
      value: 'NAME',
      summary: 'store_id, or redirector for mode "pinned"',
      default: 'store_id',
    },
    'cache-log': { value: 'FILE', summary: 'read its cache.log' },
    'access-log': { value: 'FILE', summary: 'read its access.log' },
    config: { value: 'FILE', summary: 'read its squid.conf' },
    build: { summary: 'ask squid -v what it was built with' },
    rules: RULES_OPTION,
    json: { summary: 'print data' },
  },
  async run({ options, print, printJson, warn }) {
    const cacheLog = readText(options['cache-log'])
    const accessLog = readText(options['access-log'])
    const config = options.config === undefined ? undefined : readConfig(options.config)
    const manager =
      options.squid === undefined
        ? undefined
        : await fetchPage(`http://${options.squid}/squid-internal-mgr/${options.page}`)
    const build = options.build ? squidBuild() : undefined
    const evidence: Evidence = {
      ...(manager !== undefined && { manager }),
      ...(cacheLog !== undefined && { cacheLog }),
      ...(accessLog !== undefined && { accessLog }),
      ...(config !== undefined && { config }),
      ...(build !== undefined && { build }),
    }
    if (Object.keys(evidence).length === 0)
      throw new UsageError(
        'nothing to look at: name --squid, --cache-log, --access-log, --config or --build',
      )
    const found = diagnose(await engineFrom(options.rules, warn), evidence)
    if (options.json) printJson(found)
    else
      print(
        found.map(({ severity, code, message }) => `${severity} ${code}: ${message}`).join('\n') ||
          'all is well',
      )
    return found.some(({ severity }) => severity === 'error') ? 1 : 0
  },
})
