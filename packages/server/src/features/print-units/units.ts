import { systemdUnits } from '@bootwire/dhcp-proxy'

import type { HostAddress } from '../../host/interfaces.ts'
import { tftpSocketName } from '../../host/passed.ts'

export interface UnitOptions extends HostAddress {
  /** Without it the TFTP socket alone is passed. */
  readonly dhcp: boolean
  /** The words that run `bootwire serve`. */
  readonly command: readonly string[]
}

/** A word of `ExecStart=`, where `%` and `$` have a meaning: systemd.service(5). */
const execWord = (word: string): string => {
  const plain = /^[\w@%$./:=,+-]+$/.test(word) ? word : JSON.stringify(word)
  return plain.replaceAll('%', '%%').replaceAll('$', '$$$$')
}

/** Its own address, and not the device: `bootwire simulate` on this host asks it over loopback. */
const tftpUnit = ({
  interface: name,
  address,
}: HostAddress): string => `# bootwire-tftp69@${name}.socket
[Socket]
ListenDatagram=${address}:69
FreeBind=yes
FileDescriptorName=${tftpSocketName(name)}
Service=bootwire.service`

const HEADING = /^# (\S+\.socket)$/gm

/**
 * What the daemon can do without. Not MemoryDenyWriteExecute: Node compiles at run time. Homes are read-only rather than
 * hidden: a checkout may lie in one.
 */
const HARDENING = `AmbientCapabilities=
CapabilityBoundingSet=
NoNewPrivileges=yes
LockPersonality=yes
PrivateDevices=yes
PrivateTmp=yes
PrivateUsers=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=read-only
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_NETLINK AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources`

const serviceUnit = (sockets: string, command: readonly string[]): string => `# bootwire.service
[Unit]
Description=Network boot beside the DHCP server
Wants=network-online.target
After=network-online.target

[Service]
Type=notify
NotifyAccess=all
WatchdogSec=60
Restart=on-failure
RestartSec=2
Sockets=${[...sockets.matchAll(HEADING)].map(([, unit]) => unit).join(' ')}
ExecStart=${command.map(execWord).join(' ')}
ExecReload=/bin/kill -HUP $MAINPID
TimeoutStopSec=15
DynamicUser=yes
StateDirectory=bootwire
StateDirectoryMode=0750
UMask=0027
${HARDENING}

[Install]
WantedBy=multi-user.target`

/** The systemd units with which the daemon needs no privilege: each is a file named by the comment above it. */
export const serverUnits = ({ dhcp, command, ...served }: UnitOptions): string => {
  const sockets = [...(dhcp ? [systemdUnits([served.interface])] : []), tftpUnit(served)].join(
    '\n\n',
  )
  return `${sockets}\n\n${serviceUnit(sockets, command)}\n`
}
