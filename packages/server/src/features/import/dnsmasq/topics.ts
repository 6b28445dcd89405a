import type { Note } from './model.ts'
import type { OptionTopic } from './options.ts'
import type { Statement } from './statements.ts'

type Meaning = Pick<Note, 'why' | 'isLost'>

const kept = (why: string): Meaning => ({ why, isLost: false })

const TOPICS: Readonly<Record<OptionTopic, Meaning>> = {
  boot: { why: 'decides what machines boot, and is not known here; write a group', isLost: true },
  include: {
    why: 'reads further files, which this import does not; put their lines into one file',
    isLost: true,
  },
  dns: kept('is about DNS, which Bootwire has nothing to do with: leave it in dnsmasq'),
  dhcp: kept('is about addresses and DHCP options: leave it in the DHCP server'),
  tftp: kept('tunes dnsmasq’s TFTP; Bootwire’s reads below `assets` only and needs no tuning'),
  process: kept(
    'is about how dnsmasq runs: `bootwire serve --print-units` writes units for systemd',
  ),
}

const OPTIONS: Readonly<Record<string, Meaning>> = {
  'log-dhcp': kept('every decision is logged anyway, with its reasons'),
  'log-queries': kept('logs DNS, which Bootwire has nothing to do with'),
  'dhcp-pxe-vendor': {
    why: 'answers clients that are no PXEClient, which Bootwire does not answer so',
    isLost: true,
  },
  'tftp-unique-root': {
    why: 'gives each machine a folder of its own; write profiles whose paths have {{ ip }} or {{ mac_dashed }}',
    isLost: true,
  },
  'except-interface': kept('name the interfaces that are served under `server: interfaces`'),
  'no-dhcp-interface': kept('name the interfaces that are served under `server: interfaces`'),
}

/** Options of DHCP that name a boot server or a boot file, by number and name. */
const BOOT_OPTIONS = new Set(['66', '67', 'option:tftp-server', 'option:bootfile-name'])

/** What an option means that no reader of the model takes; undefined: nothing has to be said. */
export const meaningOf = ({
  option: { name, topic },
  parts = [],
}: Statement): Meaning | undefined => {
  if (name === 'port') return parts[0] === '0' ? undefined : TOPICS.dns
  if (name.startsWith('dhcp-option')) {
    if (parts.some((part) => part.startsWith('vendor:PXEClient')))
      return kept('Bootwire lays out its replies for each firmware by itself')
    if (parts.some((part) => BOOT_OPTIONS.has(part)))
      return {
        why: 'names a boot server or file as a DHCP option; write it as dhcp-boot and import again',
        isLost: true,
      }
  }
  return OPTIONS[name] ?? TOPICS[topic]
}
