import { createHash } from 'node:crypto'

import { parseCidr } from '../decide/cidr.ts'
import { DEFAULT_ADMIN, DEFAULT_PORTS } from './defaults.ts'
import type { ConfigHost, Findings } from './issues.ts'
import { compileRules } from './matchers.ts'
import type { Plan, PlanRules, ServerSettings } from './plan.ts'
import { ProfileCompiler } from './profiles.ts'
import type { ConfigInput } from './types.ts'

const serverOf = (config: ConfigInput, findings: Findings): ServerSettings => {
  const { interface: name, address, data, dhcp, tftp, http } = config.server ?? {}
  for (const [i, network] of (http?.admin ?? []).entries()) {
    if (parseCidr(network)) continue
    findings.add(
      'cidr',
      ['server', 'http', 'admin', i],
      `${JSON.stringify(network)} is no IPv4 network; write "10.0.0.0/8"`,
    )
  }
  return {
    ...(name !== undefined && { interface: name }),
    ...(address !== undefined && { address }),
    data: data ?? '',
    dhcp: {
      enabled: dhcp?.enabled ?? true,
      port: dhcp?.port ?? DEFAULT_PORTS.dhcp,
      bootServerPort: dhcp?.bootServerPort ?? DEFAULT_PORTS.bootServer,
    },
    tftp: { port: tftp?.port ?? DEFAULT_PORTS.tftp },
    http: { port: http?.port ?? DEFAULT_PORTS.http, admin: http?.admin ?? DEFAULT_ADMIN },
  }
}

const secretsOf = (
  config: ConfigInput,
  host: ConfigHost,
  findings: Findings,
): { readonly values: Record<string, string>; readonly files: string[] } => {
  const values: Record<string, string> = {}
  const files: string[] = []
  for (const [name, { file, env }] of Object.entries(config.secrets ?? {})) {
    if (env !== undefined) {
      const value = host.env[env]
      if (value === undefined)
        findings.add('no-secret', ['secrets', name, 'env'], `the environment has no ${env}`)
      values[name] = value ?? ''
      continue
    }
    const path = host.resolve(file ?? '')
    if (host.isFile(path)) {
      values[name] = host.readText(path).replace(/\r?\n$/, '')
      files.push(path)
    } else {
      findings.add('no-file', ['secrets', name, 'file'], `there is no file ${path}`)
    }
  }
  return { values, files }
}

/** From a configuration of the right shape to a plan; what does not fit together goes to `findings`. */
export const compile = (
  config: ConfigInput,
  source: string,
  text: string,
  host: ConfigHost,
  findings: Findings,
): { readonly plan: Plan } & PlanRules => {
  const compiler = new ProfileCompiler(config, host, findings)
  const profiles = compiler.compile()
  const rules = compileRules(config, findings)
  for (const [name, { profile }] of Object.entries(config.machines ?? {})) {
    if (profile !== undefined) compiler.reference(profile, ['machines', name, 'profile'], ['local'])
  }
  for (const [i, { profile }] of (config.groups ?? []).entries()) {
    compiler.reference(profile, ['groups', i, 'profile'], ['local'])
  }
  const { after = 'local', waitSeconds = 10 } = config.unknown ?? {}
  compiler.reference(after, ['unknown', 'after'], ['local', 'retry'])
  const assets = config.assets === undefined ? undefined : host.resolve(config.assets)
  if (assets !== undefined && !host.isFolder(assets))
    findings.add('no-folder', ['assets'], `there is no folder ${assets}`)
  const ipxe = Object.fromEntries(
    Object.entries(config.ipxe ?? {}).flatMap(([slot, file]) =>
      file === undefined ? [] : [[slot, host.resolve(file)]],
    ),
  )
  for (const [slot, file] of Object.entries(ipxe)) {
    if (!host.isFile(file)) findings.add('no-file', ['ipxe', slot], `there is no file ${file}`)
  }
  const secrets = secretsOf(config, host, findings)
  const server = serverOf(config, findings)
  const files = [...compiler.files, ...secrets.files]
  const hash = createHash('sha256').update(text)
  for (const profile of Object.values(profiles)) hash.update(JSON.stringify(profile))
  const plan: Plan = {
    revision: hash.digest('hex').slice(0, 12),
    source,
    server: server.data === '' ? server : { ...server, data: host.resolve(server.data) },
    ...(assets !== undefined && { assets }),
    ipxe,
    secrets: secrets.values,
    vars: config.vars ?? {},
    profiles,
    unknown: { waitSeconds, after },
    ...(config.squid !== undefined && { squid: config.squid }),
    files,
  }
  return { plan, ...rules }
}
