// The local disk, under BIOS and UEFI.
import { echo, facts, recipes, script } from '@bootwire/ipxe-script'

export const boot = script(echo('Booting the local disk of', facts.mac), recipes.localBoot())
