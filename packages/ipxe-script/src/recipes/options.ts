import { didYouMean } from '@bootwire-internal/common'

import { IpxeScriptError } from '../errors.ts'
import type { ChainWithFactsOptions } from './chain-with-facts.ts'
import type { EditArgumentsOptions } from './edit-arguments.ts'
import type { EmbeddedBootstrapOptions } from './embedded-bootstrap.ts'
import type { CoreosOptions, DebianInstallerOptions, KickstartOptions } from './installers.ts'
import type { InjectedFile, LinuxOptions } from './linux.ts'
import type { LocalBootOptions } from './local-boot.ts'
import type { MenuOptions, NamedMenuEntry } from './menu.ts'
import type { MemtestOptions, SanbootOptions, WindowsOptions } from './other-systems.ts'
import type { RetryOptions } from './retry.ts'

/** Every option of a recipe by name, and whether it must be given. */
type Names<O> = {
  readonly [K in keyof O]-?: Partial<Pick<O, K>> extends Pick<O, K> ? 'may' : 'must'
}

type Row = Readonly<Record<string, 'may' | 'must'>>

const row = <O>(names: Names<O>): Row => names

/** A recipe, or a part of one that has options of its own. */
type RecipePart =
  | 'chainWithFacts'
  | 'coreos'
  | 'debianInstaller'
  | 'editArguments'
  | 'embeddedBootstrap'
  | 'kickstart'
  | 'linux'
  | 'a file of linux'
  | 'localBoot'
  | 'memtest'
  | 'menu'
  | 'an entry of menu'
  | 'retry'
  | 'sanboot'
  | 'windows'

/** What each recipe takes. The types say it to TypeScript; this says it to plain JavaScript. */
const OPTIONS: Readonly<Record<RecipePart, Row>> = {
  chainWithFacts: row<ChainWithFactsOptions>({ uri: 'must', facts: 'may' }),
  coreos: row<CoreosOptions>({
    kernel: 'must',
    initramfs: 'must',
    rootfs: 'must',
    ignition: 'may',
    installTo: 'may',
    platform: 'may',
    args: 'may',
  }),
  debianInstaller: row<DebianInstallerOptions>({
    base: 'must',
    preseed: 'may',
    injectPreseed: 'may',
    args: 'may',
  }),
  editArguments: row<EditArgumentsOptions>({
    into: 'must',
    initial: 'must',
    key: 'may',
    timeout: 'may',
    prompt: 'may',
  }),
  embeddedBootstrap: row<EmbeddedBootstrapOptions>({
    option: 'may',
    fallback: 'may',
    wait: 'may',
    escape: 'may',
  }),
  kickstart: row<KickstartOptions>({
    repo: 'must',
    kickstart: 'may',
    repoArgument: 'may',
    args: 'may',
  }),
  linux: row<LinuxOptions>({
    kernel: 'must',
    initrds: 'may',
    args: 'may',
    shim: 'may',
    shimOptional: 'may',
  }),
  'a file of linux': row<InjectedFile>({ uri: 'must', path: 'must', mode: 'may' }),
  localBoot: row<LocalBootOptions>({ drive: 'may', efiStatus: 'may', efiLoader: 'may' }),
  memtest: row<MemtestOptions>({ uri: 'must', args: 'may' }),
  menu: row<MenuOptions<string, never>>({
    title: 'must',
    cancelled: 'must',
    default: 'may',
    timeout: 'may',
    into: 'may',
  }),
  'an entry of menu': row<NamedMenuEntry<string, never>>({
    name: 'must',
    text: 'must',
    lines: 'must',
    key: 'may',
    when: 'may',
    heading: 'may',
  }),
  retry: row<RetryOptions<never>>({
    otherwise: 'must',
    attempts: 'may',
    wait: 'may',
    counter: 'may',
  }),
  sanboot: row<SanbootOptions>({
    targets: 'must',
    initiator: 'may',
    login: 'may',
    drive: 'may',
    attachOnly: 'may',
  }),
  windows: row<WindowsOptions>({
    wimboot: 'must',
    bcd: 'must',
    bootSdi: 'must',
    bootWim: 'must',
    files: 'may',
  }),
}

const refuse = (why: string): never => {
  throw new IpxeScriptError('ERR_IPXE_RECIPE', why)
}

/** Refuses options that a recipe does not have, and the lack of those it needs: plain JavaScript gives anything. */
export const checkOptions = (recipe: RecipePart, given: unknown): void => {
  const names = OPTIONS[recipe]
  const known = Object.keys(names)
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return refuse(
      `${recipe} is given ${JSON.stringify(given)} and takes an object of ${known.join(', ')}`,
    )
  const has = new Map(Object.entries(given).filter(([, value]) => value !== undefined))
  const foreign = [...has.keys()].find((name) => !known.includes(name))
  if (foreign !== undefined)
    return refuse(`${recipe} has no option ${foreign}${didYouMean(foreign, known)}`)
  const missing = known.filter((name) => names[name] === 'must' && !has.has(name))
  if (missing.length > 0)
    refuse(
      `${recipe} needs ${missing.join(', ')}${has.size === 0 ? '' : `; it is given ${[...has.keys()].join(', ')}`}`,
    )
}
