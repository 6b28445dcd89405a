import { createHash } from 'node:crypto'

import { parseCidr } from '../decide/cidr.ts'
import { messageOf } from '../model/errors.ts'
import type { ConfigHost, Findings, IsIncomplete } from '../model/issues.ts'
import type {
  Plan,
  PlanRules,
  ServerOverrides,
  ServerSettings,
  StateSettings,
} from '../model/plan.ts'
import { ProfileCompiler } from '../profiles/compile.ts'
import { missing, UNKNOWN_ASSETS, type AssetsFolder } from '../profiles/files.ts'
import { Inheritance } from '../profiles/inheritance.ts'
import { adminOf } from './admin.ts'
import { DEFAULT_PORTS } from './defaults.ts'
import { checkExposed, type Guarded } from './exposed.ts'
import { compileRules } from './matchers.ts'
import type { ConfigInput } from './schema.ts'

const serverOf = (
  config: ConfigInput,
  { host, overrides }: CompileContext,
  findings: Findings,
): ServerSettings => {
  const { interface: inFile, address: addressInFile, data, dhcp, tftp, http } = config.server ?? {}
  const { state, allowReinstall = 0 } = config.server ?? {}
  for (const [i, network] of (http?.trustedProxies ?? []).entries()) {
    if (parseCidr(network)) continue
    findings.add(
      'cidr',
      ['server', 'http', 'trustedProxies', i],
      `${JSON.stringify(network)} is no IPv4 network; write "10.0.0.0/8"`,
    )
  }
  const { interfaces } = config.server ?? {}
  if (interfaces && (inFile ?? addressInFile) !== undefined) {
    const key = inFile === undefined ? 'address' : 'interface'
    const why = '`interfaces` says what is served; leave this out, or `interfaces`'
    findings.add('interfaces', ['server', key], why)
  }
  const name = overrides.interface ?? inFile
  const address = overrides.address ?? addressInFile
  const isNamed = (overrides.interface ?? overrides.address) !== undefined
  return {
    ...(name !== undefined && { interface: name }),
    ...(address !== undefined && { address }),
    ...(interfaces && !isNamed && { interfaces }),
    data: overrides.data ?? (data === undefined ? host.dataFolder : host.resolve(data)),
    dhcp: {
      enabled: dhcp?.enabled ?? true,
      port: overrides.dhcpPort ?? dhcp?.port ?? DEFAULT_PORTS.dhcp,
      bootServerPort: overrides.bootServerPort ?? dhcp?.bootServerPort ?? DEFAULT_PORTS.bootServer,
      shared: dhcp?.shared ?? 'auto',
    },
    tftp: { port: overrides.tftpPort ?? tftp?.port ?? DEFAULT_PORTS.tftp },
    http: {
      port: overrides.httpPort ?? http?.port ?? DEFAULT_PORTS.http,
      ...(http?.url !== undefined && { url: http.url.replace(/\/+$/, '') }),
      trustedProxies: http?.trustedProxies ?? [],
    },
    admin: adminOf(config.server?.admin ?? {}, host, findings),
    ...(state && { state: { etcd: etcdOf(state.etcd, host, findings) } }),
    allowReinstall,
  }
}

type EtcdInput = NonNullable<NonNullable<ConfigInput['server']>['state']>['etcd']

const etcdOf = (
  { endpoints, prefix, tls }: EtcdInput,
  host: ConfigHost,
  findings: Findings,
): NonNullable<StateSettings['etcd']> => {
  const pems = Object.entries(tls ?? {}).flatMap(([name, file]) => {
    const at = ['server', 'state', 'etcd', 'tls', name]
    return file === undefined ? [] : [[name, readSecret(host, host.resolve(file), at, findings)]]
  })
  return {
    endpoints,
    ...(prefix !== undefined && { prefix }),
    ...(tls && { tls: Object.fromEntries(pems) }),
  }
}

const readSecret = (host: ConfigHost, path: string, at: string[], findings: Findings): string => {
  try {
    return host.readText(path).replace(/\r?\n$/, '')
  } catch (error) {
    findings.add('no-file', at, `cannot read ${path}: ${messageOf(error)}`)
    return ''
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
      values[name] = readSecret(host, path, ['secrets', name, 'file'], findings)
      files.push(path)
    } else {
      findings.add('no-file', ['secrets', name, 'file'], missing(host, path))
    }
  }
  return { values, files }
}

/** Every file that holds a secret, a token or a key, and where it is named. */
const secretFiles = ({ secrets, server }: ConfigInput): { file: string; at: string[] }[] =>
  [
    ...Object.entries(secrets ?? {}).map(([name, { file }]) => ({
      file,
      at: ['secrets', name, 'file'],
    })),
    ...Object.entries(server?.admin?.tokens ?? {}).map(([name, { file }]) => ({
      file,
      at: ['server', 'admin', 'tokens', name, 'file'],
    })),
    { file: server?.state?.etcd.tls?.key, at: ['server', 'state', 'etcd', 'tls', 'key'] },
  ].flatMap(({ file, at }) => (file === undefined ? [] : [{ file, at }]))

/** The assets folder; UNKNOWN_ASSETS where what the configuration says of it is wrong and has been reported. */
const assetsOf = (
  { assets }: ConfigInput,
  { host, isIncomplete }: CompileContext,
  findings: Findings,
): AssetsFolder => {
  if (assets === undefined) return isIncomplete(['assets']) ? UNKNOWN_ASSETS : undefined
  const folder = host.resolve(assets)
  if (host.isFolder(folder)) return folder
  const why = host.isFile(folder)
    ? `${folder} is a file, not a folder`
    : `there is no folder ${folder}`
  findings.add('no-folder', ['assets'], why)
  return UNKNOWN_ASSETS
}

/** Where a configuration comes from, and what of it was left out. */
export interface CompileContext {
  readonly source: string
  readonly text: string
  readonly host: ConfigHost
  /** Keys that belong to features. */
  readonly featureKeys: readonly string[]
  /** What the command line says. */
  readonly overrides: ServerOverrides
  /** True where something of the file was left out, so that nothing may be called missing. */
  readonly isIncomplete: IsIncomplete
}

interface Compiled extends PlanRules {
  readonly plan: Plan
  /** Where the file says what a profile has, and which names there are. */
  readonly inheritance: Inheritance
}

/** From a configuration of the right shape to a plan; what does not fit together goes to `findings`. */
export const compile = (
  config: ConfigInput,
  context: CompileContext,
  findings: Findings,
): Compiled => {
  const { source, text, host } = context
  const assets = assetsOf(config, context, findings)
  const inheritance = new Inheritance(config.profiles ?? {}, context.isIncomplete, findings)
  const compiler = new ProfileCompiler(inheritance, assets, host, findings)
  const profiles = compiler.compile()
  const rules = compileRules(config, context, findings)
  for (const [name, { profile }] of Object.entries(config.machines ?? {})) {
    if (profile !== undefined)
      inheritance.reference(profile, ['machines', name, 'profile'], ['local'])
  }
  for (const [i, { profile }] of (config.groups ?? []).entries()) {
    inheritance.reference(profile, ['groups', i, 'profile'], ['local'])
  }
  const { after = 'local', waitSeconds = 10 } = config.unknown ?? {}
  inheritance.reference(after, ['unknown', 'after'], ['local', 'retry'])
  const ipxe = Object.fromEntries(
    Object.entries(config.ipxe ?? {}).flatMap(([slot, file]) =>
      file === undefined ? [] : [[slot, host.resolve(file)]],
    ),
  )
  for (const [slot, file] of Object.entries(ipxe)) {
    if (!host.isFile(file)) findings.add('no-file', ['ipxe', slot], missing(host, file))
  }
  const secrets = secretsOf(config, host, findings)
  const files = [...compiler.files, ...secrets.files]
  const settings = serverOf(config, context, findings)
  if (typeof assets === 'string') {
    const guarded: Guarded[] = [
      ...(host.isFile(source) ? [{ what: 'the configuration', path: source, at: ['assets'] }] : []),
      { what: 'the data folder', path: settings.data, at: ['assets'] },
      ...compiler.files.map((path) => ({ what: 'the template or script', path, at: ['assets'] })),
      ...secretFiles(config).map(({ file, at }) => ({
        what: 'the secret',
        path: host.resolve(file),
        at,
      })),
    ]
    checkExposed(assets, guarded, host, findings)
  }
  const hash = createHash('sha256').update(text)
  for (const profile of Object.values(profiles)) hash.update(JSON.stringify(profile))
  const plan: Plan = {
    revision: hash.digest('hex').slice(0, 12),
    source,
    server: settings,
    ...(typeof assets === 'string' && { assets }),
    ipxe,
    secrets: secrets.values,
    vars: config.vars ?? {},
    profiles,
    unknown: { waitSeconds, after },
    given: {},
    features: Object.fromEntries(
      Object.entries(config).filter(([key]) => context.featureKeys.includes(key)),
    ),
    files,
  }
  return { plan, ...rules, inheritance }
}
