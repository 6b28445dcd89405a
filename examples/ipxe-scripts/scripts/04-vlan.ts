// A tagged network. Only EFI builds can do it, and a script for another profile would not compile.
import {
  chain,
  dhcp,
  facts,
  goto,
  ifopen,
  ipxe2Efi,
  label,
  net,
  scriptFor,
  set,
  setting,
  uri,
  vcreate,
} from '@bootwire/ipxe-script'

const tagged = net(0, 24)
const [fixed, ready] = [label('fixed'), label('ready')]

export const boot = scriptFor(
  ipxe2Efi,
  vcreate({ tag: 24 }, net(0)).orExit(),
  dhcp({ configurator: 'dhcp' }, tagged).and(goto(ready)).orIgnore(),
  goto(fixed),
  fixed,
  set(setting('net0-24/ip', 'ipv4'), '192.0.2.10').orExit(),
  set(setting('net0-24/netmask', 'ipv4'), '255.255.255.0').orExit(),
  set(setting('net0-24/gateway', 'ipv4'), '192.0.2.1').orExit(),
  ifopen(tagged).orExit(),
  ready,
  chain(uri`http://192.0.2.1/boot?mac=${facts.mac.as('hexhyp')}`).orExit(),
)
