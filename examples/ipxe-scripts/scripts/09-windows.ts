// Windows PE with a start-up script of our own.
import { recipes, script, uri } from '@bootwire/ipxe-script'

const base = 'http://boot.example/winpe'

export const boot = script(
  recipes
    .windows({
      wimboot: uri`${base}/wimboot`,
      bcd: uri`${base}/boot/bcd`,
      bootSdi: uri`${base}/boot/boot.sdi`,
      bootWim: uri`${base}/sources/boot.wim`,
      files: { 'startnet.cmd': uri`${base}/startnet.cmd` },
    })
    .orExit(),
)
