import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'

import { onTestFinished } from 'vitest'

import type { ScriptDecision } from '../src/boot/script.ts'
import { BootService } from '../src/boot/service.ts'
import { formatIssue } from '../src/config/format.ts'
import { activate, loadText, type Loaded } from '../src/load/load.ts'
import { EventLog } from '../src/log/event-log.ts'
import type { LogRecord } from '../src/log/names.ts'
import type { IpxeBinary } from '../src/model/ipxe-binaries.ts'
import { EmbeddedStore } from '../src/state/journal/embedded-store.ts'
import type { StateStore } from '../src/state/state-store.ts'

/** A folder that is gone after the test. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'bootwire-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Writes files below a folder, by relative path. */
export const writeFiles = (folder: string, files: Readonly<Record<string, string>>): void => {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
}

/** Loads a configuration whose relative paths are below a folder. */
export const load = (yaml: string, folder = '/nonexistent'): Promise<Loaded> =>
  loadText(yaml, join(folder, 'boot.yaml'))

/** The errors of a configuration as `bootwire check` prints them, without the file's name. */
export const problems = async (yaml: string, folder?: string): Promise<string[]> => {
  const loaded = await load(yaml, folder)
  return loaded.ok
    ? []
    : loaded.issues.map((issue) => formatIssue({ ...issue, file: 'f' }).slice(2))
}

export const IPXE: readonly IpxeBinary[] = [
  {
    slot: 'bios',
    title: 'PC BIOS',
    file: 'undionly.kpxe',
    architectures: [0],
    path: '/x/undionly.kpxe',
    sizeBytes: 1,
  },
  {
    slot: 'efi-x64',
    title: 'UEFI x64',
    file: 'ipxe.efi',
    architectures: [7, 9, 16],
    path: '/x/ipxe.efi',
    sizeBytes: 1,
  },
  {
    slot: 'efi-arm64',
    title: 'UEFI ARM 64',
    file: 'ipxe-arm64.efi',
    architectures: [11],
    missing: 'somewhere',
  },
]

export interface TestService {
  readonly service: BootService
  readonly events: LogRecord[]
  readonly folder: string
  /** Closes its store, as the end of its daemon would. */
  readonly close: () => Promise<void>
}

/** A service on a configuration, with a store of its own and a clock that stands still unless it is moved. */
export const serviceFor = async (
  yaml: string,
  options: {
    readonly folder?: string
    readonly now?: () => number
    readonly ipxe?: readonly IpxeBinary[]
    readonly store?: StateStore
  } = {},
): Promise<TestService> => {
  const folder = options.folder ?? temporaryFolder()
  const now = options.now ?? (() => 1_800_000_000_000)
  const loaded = await load(yaml, folder)
  if (!loaded.ok) throw new Error(loaded.issues.map(formatIssue).join('\n'))
  const events: LogRecord[] = []
  const log = new EventLog(undefined, 'json', now)
  log.subscribe((record) => events.push(record))
  const store = options.store ?? (await EmbeddedStore.open({ folder: join(folder, 'state'), now }))
  const close = () => store.close()
  onTestFinished(close)
  const service = new BootService({
    configuration: await activate(loaded),
    server: { address: '10.0.0.5', base: 'http://10.0.0.5:8080' },
    ipxe: options.ipxe ?? IPXE,
    log,
    store,
    keys: await store.keys(),
    now,
  })
  return { service, events, folder, close }
}

/** The query of the URL that a script sends iPXE to, as iPXE fills it in. */
export const linkOf = (
  script: string,
  settings: Readonly<Record<string, string>> = {},
): Record<string, string> | undefined => {
  const [, url] = /^chain .*?(http\S+)/m.exec(script) ?? []
  if (url === undefined) return undefined
  const filled = url.replaceAll(/\$\{([^:}]+)(?::[^}]*)?\}/g, (_, name: string) =>
    encodeURIComponent(settings[name] ?? ''),
  )
  return Object.fromEntries(new URL(filled).searchParams)
}

/** Boots as iPXE does: from what it knows, along every URL that it is sent to. */
export const boots = async (
  { service }: Pick<TestService, 'service'>,
  query: Readonly<Record<string, string>>,
  ip = '10.0.0.7',
): Promise<ScriptDecision> => {
  let asked: Readonly<Record<string, string>> = query
  for (let hops = 0; hops < 6; hops++) {
    // oxlint-disable-next-line no-await-in-loop -- each is where the one before led
    const decision = await service.script(asked, ip)
    if (decision.stage !== 'chain' && decision.stage !== 'facts') return decision
    asked = linkOf(decision.text, query) ?? {}
  }
  throw new Error('sent from one URL to the next without an end')
}

/** Asks the admin door at its socket. */
export const askSocket = (
  socketPath: string,
  path: string,
  { method = 'GET', body = '' }: { readonly method?: string; readonly body?: string } = {},
): Promise<{ readonly status: number; readonly body: string }> =>
  new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, method, agent: false }, (response) => {
      text(response).then(
        (said) => resolve({ status: response.statusCode ?? 0, body: said }),
        reject,
      )
    })
    asked.once('error', reject).end(body)
  })
