import type { IpxeBinary } from '../model/ipxe-binaries.ts'
import type { Daemon } from './daemon.ts'

const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`

const ipxeLine = ({ title, file, path, missing }: IpxeBinary): string =>
  path === undefined
    ? `  ${title.padEnd(18)} not served: no iPXE binary. ${missing ?? ''}`
    : `  ${title.padEnd(18)} ${file} from ${path}`

/** One screen that says what is served, to whom, and what is missing. */
export const summaryOf = (daemon: Daemon): string => {
  const { service, base, served, admin, ports } = daemon
  const { configuration, offered } = service
  const { ipxe } = offered
  const places = served.map(({ interface: name, address }) => `${name} as ${address}`)
  const { waitSeconds, after } = configuration.unknown
  const next =
    after === 'local'
      ? 'boot their local disk'
      : after === 'retry'
        ? 'ask again'
        : `go on with "${after}"`
  const dhcp =
    ports.dhcp === undefined
      ? 'off: your DHCP server names the boot file'
      : `UDP ${ports.dhcp} and ${ports.bootServer}, beside your DHCP server; gives no addresses`
  return [
    `Bootwire serves network boot on ${places.join(', ') || 'no interface yet: none has an address'}`,
    '',
    `  ProxyDHCP          ${dhcp}`,
    `  TFTP               UDP ${ports.tftp}`,
    `  HTTP               ${base}${offered.server.base === base ? '' : `, told to machines as ${offered.server.base}`}`,
    `  admin              ${admin.socket}${admin.url === undefined ? '' : ` and ${admin.url}`}`,
    `  configuration      ${configuration.source} (${count(Object.keys(configuration.profiles).length, 'profile')}, ${count(configuration.rules.size, 'machine or group', 'machines and groups')})`,
    ...(configuration.assets === undefined ? [] : [`  assets             ${configuration.assets}`]),
    '',
    'iPXE for firmware:',
    ...ipxe.filter(({ path, isRare }) => path !== undefined || !isRare).map(ipxeLine),
    '',
    `Machines that nothing matches see their address and the reason for ${waitSeconds} s, then ${next}.`,
    'Ctrl-C stops. Events follow.',
    '',
  ].join('\n')
}
