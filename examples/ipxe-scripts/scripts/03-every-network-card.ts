// Tries one network card after the other.
import {
  autoboot,
  dhcp,
  echo,
  exit,
  goto,
  inc,
  isset,
  label,
  net,
  script,
  set,
  setting,
} from '@bootwire/ipxe-script'

const i = setting('i', 'int32')
const [next, got, none] = [label('next'), label('got'), label('none')]

export const boot = script(
  set(i, 0),
  next,
  isset(net(i).mac).or(goto(none)),
  dhcp(net(i)).and(goto(got)).orIgnore(),
  inc(i).orEnd(),
  goto(next),
  none,
  echo('No network card got an address'),
  exit(1),
  got,
  autoboot(net(i)).orExit(),
)
