import { join } from 'node:path'

import type { BootService, ScriptMode } from '../src/boot/service.ts'
import { loadText } from '../src/load/load.ts'
import { EmbeddedStore } from '../src/state/journal/embedded-store.ts'
import { withService } from './rig.ts'

const MAC = '52:54:00:00:00:01'
const KNOWN = { mac: MAC, final: '1', serial: 'S123' }

const PROFILES = `
profiles:
  install: { kernel: "http://h/k", args: "{{ report.done }}", once: true }
  pick: { menu: { items: [local, install], default: install, timeoutSeconds: 5 } }`

const queryOf = (url: string): Record<string, string> =>
  Object.fromEntries(new URL(url).searchParams)

/** The script at the end of the URLs that iPXE is sent to. */
const boot = async (service: BootService, query: Readonly<Record<string, string>>) => {
  let asked = query
  for (let hops = 0; hops < 8; hops++) {
    // oxlint-disable-next-line no-await-in-loop -- each is where the one before led
    const { text } = await service.script(asked, '10.0.0.7')
    const [, url] = /^#!ipxe\nchain \S+ \S+ (\S+&sig=\S+)\n$/.exec(text) ?? []
    if (url === undefined) return text
    asked = { ...queryOf(url.replaceAll(/\$\{[^}]*\}/g, '')), ...query }
  }
  throw new Error('sent on without an end')
}

const installer = (text: string): boolean => text.includes('kernel')

const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what)
}

const install = async (service: BootService, script: string): Promise<void> => {
  const token = /report\/([^/\s]+)/.exec(script)?.[1] ?? ''
  const { kind } = await service.report(token, { status: 'done', ip: '10.0.0.7' })
  must(kind === 'noted', 'the report of an installation is refused')
}

/** The URL that a menu's default, or the explanation of an unknown machine, goes on to. */
const lastUrl = (text: string, what: string): string =>
  [...text.matchAll(/^chain .*?(http\S+)/gm)]
    .map(([, url]) => url ?? '')
    .findLast((url) => url.includes(what)) ?? ''

/** Nobody chose: a time-out, a default and `unknown.after` install once. */
const defaultsInstallOnce = async (): Promise<void> => {
  for (const rest of [
    `\nmachines: { m: { mac: "${MAC}", profile: pick } }`,
    '\nunknown: { waitSeconds: 0, after: install }',
  ])
    // oxlint-disable-next-line no-await-in-loop -- each with a store of its own
    await withService(
      () => PROFILES + rest,
      async (service) => {
        const go = async () => {
          const asked = await boot(service, KNOWN)
          return boot(service, { ...queryOf(lastUrl(asked, 'choose=')), ...KNOWN })
        }
        const first = await go()
        must(installer(first), 'nothing is installed')
        await install(service, first)
        must(!installer(await go()), `installed again by nobody: ${rest.trim()}`)
      },
    )
}

/** A monitor looks at every URL that it can get hold of. */
const lookingChangesNothing = (): Promise<void> =>
  withService(
    () =>
      `${PROFILES}\nmachines: { m: { mac: "${MAC}", profile: install } }`.replace(
        'once: true',
        'once: { done: script }',
      ),
    async (service) => {
      const { text } = await service.script(KNOWN, '10.0.0.9')
      const signed = queryOf(/(http\S+)/.exec(text)?.[1] ?? '')
      const modes: readonly ScriptMode[] = ['look', 'ask', 'look']
      for (const mode of modes) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await service.script(signed, '10.0.0.9', mode)
      }
      must(installer(await boot(service, KNOWN)), 'a look at the script was taken for a boot')
    },
  )

const oneFolderOneDaemon = (): Promise<void> =>
  withService(
    () => PROFILES,
    async (_service, folder) => {
      const second = await EmbeddedStore.open({ folder: join(folder, 'state') }).catch(() => {})
      await second?.close()
      must(second === undefined, 'two daemons use one folder')
    },
  )

const onceNeedsAScript = async (): Promise<void> => {
  const yaml = 'profiles: { p: { efi: "http://h/shim.efi", once: true } }'
  must(!(await loadText(yaml, '/nonexistent/boot.yaml')).ok, '`once` with `efi` passes check')
}

/** What must hold of the whole server, and not of its records alone. */
export const serviceChecks = async (): Promise<void> => {
  await defaultsInstallOnce()
  await lookingChangesNothing()
  await oneFolderOneDaemon()
  await onceNeedsAScript()
}
