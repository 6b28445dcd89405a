// Debian under Secure Boot: the shim is named before boot.
import { recipes, scriptFor, secureBoot, uri } from '@bootwire/ipxe-script'

const base = 'https://boot.example/debian'

export const boot = scriptFor(
  secureBoot,
  recipes
    .linux({
      kernel: uri`${base}/linux`,
      initrds: [uri`${base}/initrd.gz`, { uri: uri`${base}/preseed.cfg`, path: 'preseed.cfg' }],
      args: ['auto=true priority=critical'],
      shim: uri`${base}/shimx64.efi`,
    })
    .orExit(),
)
