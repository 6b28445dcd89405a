import { existsSync, writeFileSync } from 'node:fs'

import { defineCommand, UsageError, type Command } from '@bootwire-internal/cli'

import { messageOf, ServerError } from '../errors.ts'
import { chooseInterface, hostAddresses } from '../host/interfaces.ts'

const template = (interfaceName: string, address: string, known: boolean): string => `\
# yaml-language-server: $schema=./bootwire.schema.json
# Bootwire boots machines over the network, beside your DHCP server.
#   bootwire schema > bootwire.schema.json     completion in editors
#   bootwire check bootwire.yaml               all errors, with line and column
#   bootwire explain --mac 52:54:00:12:34:56   what a machine would boot, and why

server:
  # ${known ? 'The only network of this host' : 'This host has several networks: check this one'}. A change needs a restart.
  interface: ${interfaceName}
  address: ${address}

# A folder served on HTTP (/assets/) and TFTP alike. Kernels and initrds are paths below it, or URLs.
# assets: ./assets

profiles:
  # Boots the local disk: what a machine does that is installed.
  disk:
    local: true

  # A menu of many systems, from the internet.
  netboot-xyz:
    description: netboot.xyz
    chain: http://boot.netboot.xyz/menu.ipxe

  # An installation that happens once: after the installer has reported, the machine boots its disk.
  # debian:
  #   kernel: debian/linux
  #   initrd: debian/initrd.gz
  #   args: ["auto=true priority=critical url={{ answer.preseed }}", "---", quiet]
  #   once: true
  #   answers:
  #     preseed: { template: preseed.cfg }     # has: wget -O- {{ report.done }}

  choose:
    menu:
      title: What shall this machine boot?
      items: [disk, netboot-xyz]
      default: disk
      timeoutSeconds: 10

machines:
  # Machines one by one. Every common spelling of a MAC address is accepted; quote it.
  example:
    mac: "52:54:00:12:34:56"
    profile: choose

groups:
  # Machines by what they are; the most specific match wins, equal ones by their order here.
  - name: lab
    match: { mac: { prefix: "52:54:00:aa" }, firmware: efi }
    profile: choose

# What no machine and no group matches sees the reason on its console, then boots its disk.
unknown: { waitSeconds: 10, after: local }
`

/** `bootwire init` */
export const init: Command = defineCommand({
  summary: 'write a commented configuration for this host',
  description:
    'Writes a commented configuration for this host (default: bootwire.yaml). An existing file is left alone.',
  positionals: '[FILE]',
  run: ({ positionals: [file = 'bootwire.yaml'], print }) => {
    if (existsSync(file)) throw new UsageError(`${file} exists; init overwrites nothing`)
    const all = hostAddresses()
    const choice = chooseInterface({}, all)
    const first = choice.ok ? choice : (all[0] ?? { interface: 'eth0', address: '192.0.2.1' })
    try {
      writeFileSync(file, template(first.interface, first.address, choice.ok), { flag: 'wx' })
    } catch (error) {
      throw new ServerError('ERR_SERVER_DATA', `cannot write ${file}: ${messageOf(error)}`, {
        cause: error,
      })
    }
    print(`wrote ${file}; next: bootwire check ${file}, then bootwire serve --config ${file}`)
  },
})
