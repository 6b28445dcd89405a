// The DHCP server says where the script is, in an option of its own.
import {
  chain,
  dhcpOption,
  echo,
  goto,
  isset,
  label,
  script,
  set,
  setting,
  shell,
} from '@bootwire/ipxe-script'

const url = setting('url', 'uri')
const fallback = label('fallback')

export const boot = script(
  set(url, dhcpOption(175, 200)),
  isset(url).or(goto(fallback)),
  chain({ autofree: true }, url).or(goto(fallback)),
  fallback,
  echo('No script from the DHCP server'),
  shell().orEnd(),
)
