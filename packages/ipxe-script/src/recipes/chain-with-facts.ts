import { Block, chain, facts, type Setting, uri, Uri, type UriLike } from '../build/index.ts'
import { checkOptions } from './options.ts'

/** What a server asks first: which machine is this? */
export const MACHINE_FACTS: Readonly<Record<string, Setting>> = {
  mac: facts.mac.as('hexhyp'),
  uuid: facts.uuid,
  serial: facts.serial,
  manufacturer: facts.manufacturer,
  product: facts.product,
  arch: facts.buildarch,
  platform: facts.platform,
}

export interface ChainWithFactsOptions {
  readonly uri: UriLike
  /** Query parameters. Default: `mac uuid serial manufacturer product arch platform`. */
  readonly facts?: Readonly<Record<string, Setting>>
}

/** Adds settings to a URI as its query, percent-encoded by iPXE where they need it. */
const withFacts = (to: UriLike, query: Readonly<Record<string, Setting>>): Uri => {
  const separator = String(to).includes('?') ? '&' : '?'
  const base = uri`${to}`.expansion
  const pairs = Object.entries(query).map(([name, value]) => uri`${name}=${value}`.expansion)
  return new Uri(`${base}${separator}${pairs.join('&')}`, false)
}

/** Goes on with the script that a server writes for this machine. */
export const chainWithFacts = (
  options: ChainWithFactsOptions,
): Block<'chain' | 'chain --autofree' | 'chain --replace'> => {
  checkOptions('chainWithFacts', options)
  return new Block([
    chain(
      { autofree: true, replace: true },
      withFacts(options.uri, options.facts ?? MACHINE_FACTS),
    ),
  ])
}
