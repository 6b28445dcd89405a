import { DhcpError } from '../../errors.ts'

/** Option 211 (RFC 5071 §6): seconds until PXELINUX reboots when it finds nothing; undefined where it is not 4 bytes. */
export const decodePxelinuxRebootTime = (bytes: Uint8Array): number | undefined => {
  return bytes.length === 4
    ? new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0)
    : undefined
}

/** @throws {DhcpError} `ERR_DHCP_OPTION` */
export const encodePxelinuxRebootTime = (seconds: number): Uint8Array => {
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 0xffff_ffff) {
    const message = `PXELINUX reboot time ${seconds} is not a whole number of seconds, 0–4294967295`
    throw new DhcpError('ERR_DHCP_OPTION', message)
  }
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, seconds)
  return bytes
}
