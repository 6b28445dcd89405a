import {
  chain,
  dhcp,
  dhcpOption,
  type Duration,
  echo,
  facts,
  goto,
  isset,
  type ScriptLine,
  localLabel,
  prompt,
  seconds,
  set,
  setting,
  type Setting,
  shell,
  sleep,
  type UriLike,
} from '../build/index.ts'
import { checkOptions } from './options.ts'

export interface EmbeddedBootstrapOptions {
  /** Where the script's URL comes from. Default: sub-option 200 of DHCP option 175. */
  readonly option?: Setting<'string'>
  /** Used when the option is empty. Without it the network is asked again. */
  readonly fallback?: UriLike
  /** Wait between tries. Default: 5 s. */
  readonly wait?: Duration
  /** How long Ctrl-B opens a shell at the start. Default: 2 s. */
  readonly escape?: Duration
}

type BootstrapFeature =
  | 'prompt'
  | 'prompt --key'
  | 'prompt --timeout'
  | 'shell'
  | 'dhcp'
  | 'set'
  | 'isset'
  | 'echo'
  | 'chain'
  | 'chain --autofree'
  | 'chain --replace'
  | 'sleep'
  | 'goto'

/**
 * A script to build into iPXE, or to be its `autoexec.ipxe`: gets an address, reads a private DHCP option and goes on with
 * the script it names. The option may hold `${mac}` and the like: iPXE expands what the server wrote.
 */
export const embeddedBootstrap = (
  options: EmbeddedBootstrapOptions = {},
): readonly ScriptLine<BootstrapFeature>[] => {
  checkOptions('embeddedBootstrap', options)
  const {
    option = dhcpOption(175, 200),
    fallback,
    wait = seconds(5),
    escape = seconds(2),
  } = options
  const [again, found, failed] = [localLabel('again'), localLabel('found'), localLabel('failed')]
  const url = setting('bootstrap-url', 'uri')
  return [
    prompt({ key: 'ctrl-b', timeout: escape }, 'Press Ctrl-B for the iPXE shell')
      .and(shell())
      .orIgnore(),
    again,
    dhcp().or(goto(failed)),
    set(url, option),
    isset(url).and(goto(found)).orIgnore(),
    ...(fallback === undefined
      ? [echo('The DHCP server names no script for', facts.mac), goto(failed)]
      : [set(url, fallback)]),
    found,
    echo('Booting', url),
    chain({ autofree: true, replace: true }, url).or(goto(failed)),
    failed,
    echo('Trying again'),
    sleep(wait).orIgnore(),
    goto(again),
  ]
}
