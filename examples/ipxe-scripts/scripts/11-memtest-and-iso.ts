// A memory test; a floppy-style ISO through memdisk if that returns.
import { boot as bootImage, imgfree, initrd, kernel, recipes, script } from '@bootwire/ipxe-script'

export const boot = script(
  recipes.memtest({ uri: 'http://boot.example/memtest.bin' }).orContinue(),
  imgfree(),
  kernel('http://boot.example/memdisk', 'iso raw').orExit(),
  initrd('http://boot.example/tools.iso').orExit(),
  bootImage().orExit(),
)
