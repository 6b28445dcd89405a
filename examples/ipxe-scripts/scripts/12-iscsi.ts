// Boots from iSCSI over two paths; tries again for as long as it takes.
import { exit, facts, recipes, script, text } from '@bootwire/ipxe-script'

export const boot = script(
  recipes.retry(
    { otherwise: exit(1) },
    recipes.sanboot({
      targets: [
        'iscsi:192.0.2.1::::iqn.2020-01.example:disk',
        'iscsi:192.0.2.2::::iqn.2020-01.example:disk',
      ],
      initiator: text`iqn.2020-01.example:${facts.mac.as('hexhyp')}`,
      login: { username: 'client', password: 'a secret' },
    }),
  ),
)
