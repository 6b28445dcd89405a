// Sends what the machine is in the body of a request, with a token in a header; EFI builds only.
import { chain, facts, ipxe2Efi, net, param, params, scriptFor } from '@bootwire/ipxe-script'

export const boot = scriptFor(
  ipxe2Efi,
  params(),
  param({ header: true }, 'X-Token', 'c0ffee').orEnd(),
  param('mac', net(0).mac).orEnd(),
  param('serial', facts.serial).orEnd(),
  param('product', facts.product).orEnd(),
  chain({ autofree: true }, 'https://boot.example/register##params').orExit(),
)
