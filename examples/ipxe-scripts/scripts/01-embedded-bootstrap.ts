// To build into iPXE: gets an address, then asks a server what this machine is to do. Ctrl-B opens a shell.
import {
  chain,
  dhcp,
  facts,
  goto,
  label,
  prompt,
  script,
  seconds,
  shell,
  sleep,
  uri,
} from '@bootwire/ipxe-script'

const { mac, uuid, serial, buildarch } = facts
const retry = label('retry')

export const boot = script(
  prompt({ key: 'ctrl-b', timeout: seconds(2) }, 'Press Ctrl-B for the iPXE shell')
    .and(shell())
    .orIgnore(),
  retry,
  dhcp().or(goto(retry)),
  chain(
    { autofree: true },
    uri`http://boot.example/boot?mac=${mac.as('hexhyp')}&uuid=${uuid}&serial=${serial}&arch=${buildarch}`,
  )
    .or(shell())
    .orIgnore(),
  sleep(seconds(5)).orIgnore(),
  goto(retry),
)
