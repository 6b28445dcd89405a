import { join } from 'node:path'

import { refuse, type ReadHandler } from '@bootwire/tftp'

import type { BootService } from '../boot/service.ts'
import { servedPath } from '../model/paths.ts'

/** ERROR codes of RFC 1350 section 5. */
const FILE_NOT_FOUND = 1

/** TFTP serves the iPXE binaries by name, and the assets by path. */
export const tftpReader =
  (service: BootService, contextOf: (ip: string) => Promise<unknown>): ReadHandler =>
  async ({ filename, peer }) => {
    const context = await contextOf(peer.address)
    // Some firmware sends its buffer whole: what follows the name is 0xff (dnsmasq and pixiecore cut it too).
    const path = servedPath(filename.replace(/[\u00ff\ufffd]+$/, ''))
    const binary = service.offered.ipxe.find(({ file }) => file === path)
    if (binary?.path !== undefined) return { file: binary.path, context }
    const { assets } = service.configuration
    if (path === undefined || assets === undefined) {
      return refuse(FILE_NOT_FOUND, 'file not found', context)
    }
    return { file: join(assets, path), context }
  }
