import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { onTestFinished } from 'vitest'

import { BootService } from '../src/boot/service.ts'
import { formatIssue } from '../src/config/format.ts'
import { activate, loadText, type Loaded } from '../src/load/load.ts'
import { EventLog } from '../src/log/event-log.ts'
import type { LogRecord } from '../src/log/names.ts'
import type { IpxeBinary } from '../src/model/ipxe-binaries.ts'
import { StateStore } from '../src/state/store.ts'

/** A folder that is gone after the test. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'bootwire-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Writes files below a folder, by relative path. */
export const writeFiles = (folder: string, files: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
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
}

/** A service on a configuration, with a state file of its own and a clock that stands still unless it is moved. */
export const serviceFor = async (
  yaml: string,
  options: {
    readonly folder?: string
    readonly now?: () => number
    readonly ipxe?: readonly IpxeBinary[]
  } = {},
): Promise<TestService> => {
  const folder = options.folder ?? temporaryFolder()
  const now = options.now ?? (() => 1_800_000_000_000)
  const loaded = await load(yaml, folder)
  if (!loaded.ok) throw new Error(loaded.issues.map(formatIssue).join('\n'))
  const events: LogRecord[] = []
  const log = new EventLog(undefined, 'json', now)
  log.subscribe((record) => events.push(record))
  const store = new StateStore(join(folder, 'state', 'state.json'), now)
  store.open()
  const service = new BootService({
    configuration: await activate(loaded),
    server: { address: '10.0.0.5', base: 'http://10.0.0.5:8080' },
    ipxe: options.ipxe ?? IPXE,
    log,
    store,
    tokenKey: Buffer.alloc(32, 7),
    now,
  })
  return { service, events, folder }
}
