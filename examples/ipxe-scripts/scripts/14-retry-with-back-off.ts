// Ten tries, each waiting a second longer.
import { chain, echo, exit, goto, label, recipes, script } from '@bootwire/ipxe-script'

const gaveUp = label('gave-up')

export const boot = script(
  recipes.retry({ attempts: 10, otherwise: goto(gaveUp) }, chain('http://boot.example/next.ipxe')),
  exit(),
  gaveUp,
  echo('The boot server does not answer'),
  exit(1),
)
