import { defineCommand, type Command } from '@bootwire-internal/cli'

import type { Status } from '../../boot/status.ts'
import { askDaemon, findDaemon, REMOTE_OPTIONS } from '../../commands/remote.ts'
import { formatIssue } from '../../config/format.ts'
import { addressNow, chooseInterface, hostAddresses } from '../../host/interfaces.ts'
import { loadFile } from '../../load/load.ts'
import { messageOf, ServerError } from '../../model/errors.ts'
import type { ServerSettings } from '../../model/plan.ts'
import { lookAtAssets } from './asset-checks.ts'
import { lookAtDaemon } from './daemon-checks.ts'
import { lookAtData } from './data-checks.ts'
import { deadMountFindings } from './dead-mount.ts'
import { exitCodeOf, severityOf, type Finding, type Looked } from './finding.ts'
import { lookAtFirewall } from './firewall-checks.ts'
import { lookAtHost } from './host-checks.ts'
import { lookAtNetwork } from './network-checks.ts'
import type { Network, Site } from './site.ts'
import { lookAtWire } from './wire-checks.ts'

/** What is looked at, by the name that `--skip` takes; what takes seconds comes last. */
const CHECKS = {
  host: lookAtHost,
  network: lookAtNetwork,
  firewall: lookAtFirewall,
  data: lookAtData,
  daemon: lookAtDaemon,
  assets: lookAtAssets,
  wire: lookAtWire,
} as const satisfies Readonly<Record<string, (site: Site) => Looked | Promise<Looked>>>

const NAMES = Object.keys(CHECKS)

/** Interfaces that are served, as far as they have an address; or why it is not clear which one is. */
const networksOf = (server: ServerSettings): readonly Network[] | string => {
  const { interface: name, address, interfaces } = server
  if (interfaces)
    return interfaces.flatMap((each) => {
      const has = addressNow({ interface: each })
      return has === undefined ? [] : [{ interface: each, address: has }]
    })
  const wanted = { interface: name, address }
  const choice = chooseInterface(wanted, hostAddresses(wanted))
  return choice.ok ? [{ interface: choice.interface, address: choice.address }] : choice.message
}

const statusOf = async (values: Parameters<typeof findDaemon>[0]): Promise<Status | undefined> => {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made by `statusOf` in the daemon
    return (await askDaemon(findDaemon(values), '/status')) as Status
  } catch (error) {
    if (error instanceof ServerError && error.code === 'ERR_SERVER_NOT_RUNNING') return undefined
    throw error
  }
}

const many = (count: number, what: string): string =>
  count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`

const show = (findings: readonly Finding[], unseen: readonly string[], where: string): string => {
  const lines = findings.flatMap((finding) => [
    `${severityOf(finding).padEnd(8)} ${finding.seen} [${finding.code}]`,
    `         ${finding.remedy}`,
  ])
  const errors = findings.filter((each) => severityOf(each) === 'error').length
  const warnings = findings.length - errors
  const count = [many(errors, 'error'), many(warnings, 'warning')].filter(Boolean).join(', ')
  return [
    ...lines,
    ...unseen.map((each) => `not seen ${each}`),
    findings.length === 0 ? `nothing found on ${where}` : `${count} on ${where}`,
  ].join('\n')
}

/** `bootwire doctor` */
export const doctorCommand: Command = defineCommand({
  summary: 'look for what keeps machines from booting',
  description: `Looks at this host, its network, the files that machines are given and what the network's DHCP servers say, and names
what keeps machines from booting, with what to do. It changes nothing and takes no lease. Run it on the host of the daemon, as
root: what needs a right that it lacks is told as not seen. Exit code: 0 nothing found, 1 warnings, 2 something does not boot.`,
  options: {
    config: { value: 'FILE', short: 'c', summary: 'the configuration that is to be served' },
    interface: { value: 'NAME', short: 'i', summary: 'network interface that is served' },
    address: { value: 'IP', summary: 'address of that interface that machines are told' },
    skip: { choices: NAMES, multiple: true, summary: 'what not to look at' },
    json: { summary: 'the findings as data' },
    ...REMOTE_OPTIONS,
  },
  run: async ({ options, print, printJson }) => {
    const { config, interface: name, address, 'data-dir': data, skip } = options
    const overrides = { interface: name, address, data }
    const stop = (found: readonly Finding[]): number => {
      if (options.json) printJson({ findings: withSeverity(found), unseen: [] })
      else print(show(found, [], 'the configuration'))
      return exitCodeOf(found)
    }
    const dead = await deadMountFindings(config)
    if (dead.length > 0) return stop(dead)
    // The table of features names this one.
    const { FEATURES } = await import('../index.ts')
    const loaded = await loadFile(config, { features: FEATURES, overrides })
    if (!loaded.ok) {
      const remedy = 'correct it; nothing else was looked at'
      return stop(
        loaded.issues.map((issue) => ({
          code: 'configuration-wrong',
          seen: formatIssue(issue),
          remedy,
        })),
      )
    }
    const { plan, machines } = loaded
    const found = networksOf(plan.server)
    const networks = typeof found === 'string' ? [] : found
    const unclear = typeof found === 'string' ? found.replaceAll(/\s*\n\s*/g, ' ') : undefined
    const given = { ...options, 'data-dir': plan.server.data }
    const status = await statusOf(given)
    const site: Site = { plan, machines: machines.length, networks, unclear, status }
    const findings: Finding[] = []
    const unseen: string[] = []
    for (const [check, lookAt] of Object.entries(CHECKS)) {
      if (skip.includes(check)) continue
      try {
        // oxlint-disable-next-line no-await-in-loop -- in this order, which is that of the report
        const looked: Looked = await lookAt(site)
        findings.push(...looked.findings)
        unseen.push(...(looked.unseen ?? []))
      } catch (error) {
        unseen.push(`${check}: ${messageOf(error)}`)
      }
    }
    const places = networks.map((each) => `${each.interface} (${each.address})`).join(', ')
    if (options.json) printJson({ findings: withSeverity(findings), unseen })
    else print(show(findings, unseen, places || 'this host'))
    return exitCodeOf(findings)
  },
})

const withSeverity = (findings: readonly Finding[]) =>
  findings.map((finding) => ({ severity: severityOf(finding), ...finding }))
