import { edk2PxeScript, type Edk2PxeOptions } from './edk2-pxe.ts'
import { download, gaveUp, modelOf, type Script } from './script.ts'
import type { ClientModel } from './types.ts'
import { fileField, NO_ADDRESS, type Reply } from './wire.ts'

export interface ShimOptions extends Edk2PxeOptions {
  /** What shim loads. Default: grubx64.efi. */
  readonly loader?: string
}

/**
 * EDK2 PXE, then shim's second stage. shim takes server and folder from the first of DHCP ACK, proxy offer and boot
 * server's answer whose *header* names a file: a stray `file` of the main DHCP server sends it astray
 * (rhboot/shim#165, #710), and a file named in option 67 alone is not seen.
 */
export const shim = (settings: ShimOptions = {}): ClientModel => {
  return modelOf('EDK2 PXE, then shim', function* (journal): Script {
    const { outcome, ack, proxyOffer, pxeReply } = yield* edk2PxeScript(journal, settings)
    if (outcome.type === 'gave-up') return outcome
    const source = [ack, proxyOffer, pxeReply].find(
      (reply): reply is Reply => reply !== undefined && fileField(reply) !== '',
    )
    if (!source)
      return gaveUp(journal, 'NO_BOOT_FILE', 'shim finds no file name in the header of any reply')
    if (source.siaddr === NO_ADDRESS)
      return gaveUp(journal, 'NO_BOOT_FILE', 'shim finds no siaddr beside the file name')
    const folder = fileField(source).replace(/[^/]*$/, '')
    return download(journal, 'tftp', source.siaddr, `${folder}${settings.loader ?? 'grubx64.efi'}`)
  })
}
