import { readFileSync } from 'node:fs'

import { hostAddresses, isInterface } from '../../host/interfaces.ts'
import { holderOf, type Transport } from '../../host/ports.ts'
import type { Plan } from '../../model/plan.ts'
import type { Finding, Looked } from './finding.ts'
import type { Network, Site } from './site.ts'

/** Below it, files of firmware come in pieces that some cannot put together. */
const ETHERNET_MTU = 1500

const mtuOf = (name: string): number | undefined => {
  try {
    return Number(readFileSync(`/sys/class/net/${name}/mtu`, 'utf8'))
  } catch {
    return undefined
  }
}

/** Interfaces and addresses that the configuration names and that are not there. */
const missingInterfaces = ({ server }: Plan): Finding[] => {
  const { interface: name, address, interfaces } = server
  const names = interfaces ?? (name === undefined ? [] : [name])
  const all = hostAddresses({ interface: name, address })
  const there = all.map((each) => `${each.interface} (${each.address})`).join(', ') || 'none'
  const remedy = `correct server.interface and server.address; this host has: ${there}`
  const ofNames = names.flatMap((each): Finding[] => {
    if (!isInterface(each))
      return [{ code: 'interface', seen: `there is no interface ${each}`, remedy }]
    if (all.some((one) => one.interface === each)) return []
    const seen = `the interface ${each} has no IPv4 address`
    return [{ code: 'interface', seen, remedy: 'give it one: ip address add ADDRESS/24 dev …' }]
  })
  const isGone = address !== undefined && !all.some((each) => each.address === address)
  const seen = `no interface has the address ${address}, which machines are told`
  return isGone ? [...ofNames, { code: 'interface', seen, remedy }] : ofNames
}

const mtuFindings = (networks: readonly Network[]): Finding[] =>
  networks.flatMap(({ interface: name }) => {
    const mtu = mtuOf(name)
    if (mtu === undefined || mtu >= ETHERNET_MTU) return []
    const seen = `the interface ${name} has an MTU of ${mtu} bytes: larger TFTP blocks go out in fragments, which some firmware cannot put together`
    return [
      { code: 'mtu', seen, remedy: `ip link set ${name} mtu 1500, where the wire carries it` },
    ]
  })

/** Ports of the configuration that another program holds while no daemon runs. */
const takenPorts = ({ server }: Plan): Finding[] => {
  const { dhcp, tftp, http } = server
  const ports: readonly (readonly [Transport, number, string])[] = [
    // Port 67 may be shared with the host's own DHCP server: that is told when the daemon starts.
    ...(dhcp.enabled ? ([['udp', dhcp.bootServerPort, 'boot menus']] as const) : []),
    ['udp', tftp.port, 'TFTP'],
    ['tcp', http.port, 'HTTP'],
  ]
  return ports.flatMap(([transport, port, what]) => {
    const holder = port === 0 ? undefined : holderOf(transport, port)
    if (holder === undefined) return []
    const seen = `${transport.toUpperCase()} port ${port} (${what}) is held by ${holder}`
    return [{ code: 'port-taken', seen, remedy: `stop ${holder}, or serve on another port` }]
  })
}

const interfaceFindings = (plan: Plan, unclear: string | undefined): Finding[] => {
  const missing = missingInterfaces(plan)
  if (missing.length > 0 || unclear === undefined) return missing
  const remedy = 'name it in the configuration: server.interface and server.address'
  return [{ code: 'interface', seen: unclear, remedy }]
}

/** Interfaces, addresses and ports. */
export const lookAtNetwork = ({ plan, networks, unclear, status }: Site): Looked => ({
  findings: [
    ...interfaceFindings(plan, unclear),
    ...mtuFindings(networks),
    ...(status === undefined ? takenPorts(plan) : []),
  ],
})
