import { OptionCode } from '../packet.ts'
import { decodePxelinuxConfigFile, encodePxelinuxConfigFile } from './pxelinux-config-file.ts'
import { encodePxelinuxMagic } from './pxelinux-magic.ts'
import { decodePxelinuxPathPrefix, encodePxelinuxPathPrefix } from './pxelinux-path-prefix.ts'
import { decodePxelinuxRebootTime, encodePxelinuxRebootTime } from './pxelinux-reboot-time.ts'

/** What options 209–211 (RFC 5071) tell PXELINUX. */
export interface Pxelinux {
  readonly configFile?: string
  readonly pathPrefix?: string
  readonly rebootSeconds?: number
}

/** Reads 209–211 of a packet; 208 is not asked for, as RFC 5071 §3 deprecates it. */
export const decodePxelinux = (options: ReadonlyMap<number, Uint8Array>): Pxelinux => {
  const configFile = options.get(OptionCode.PXELINUX_CONFIG_FILE)
  const pathPrefix = options.get(OptionCode.PXELINUX_PATH_PREFIX)
  const reboot = options.get(OptionCode.PXELINUX_REBOOT_TIME)
  const rebootSeconds = reboot && decodePxelinuxRebootTime(reboot)
  return {
    ...(configFile && { configFile: decodePxelinuxConfigFile(configFile) }),
    ...(pathPrefix && { pathPrefix: decodePxelinuxPathPrefix(pathPrefix) }),
    ...(rebootSeconds !== undefined && { rebootSeconds }),
  }
}

/**
 * Options 208–211 as `options` of a decision take them.
 * @throws {DhcpError} `ERR_DHCP_OPTION`
 */
export const encodePxelinux = ({
  configFile,
  pathPrefix,
  rebootSeconds,
}: Pxelinux): Record<number, Uint8Array> => {
  return {
    [OptionCode.PXELINUX_MAGIC]: encodePxelinuxMagic(),
    ...(configFile !== undefined && {
      [OptionCode.PXELINUX_CONFIG_FILE]: encodePxelinuxConfigFile(configFile),
    }),
    ...(pathPrefix !== undefined && {
      [OptionCode.PXELINUX_PATH_PREFIX]: encodePxelinuxPathPrefix(pathPrefix),
    }),
    ...(rebootSeconds !== undefined && {
      [OptionCode.PXELINUX_REBOOT_TIME]: encodePxelinuxRebootTime(rebootSeconds),
    }),
  }
}
