import { readText } from '../text.ts'

/** Options 208–211 (RFC 5071), which PXELINUX reads. */
export interface Pxelinux {
  readonly configFile?: string
  readonly pathPrefix?: string
  readonly rebootSeconds?: number
}

/** RFC 5071 §3: without these four bytes in option 208 old PXELINUX ignores 209–211. */
const MAGIC = Uint8Array.of(0xf1, 0x00, 0x74, 0x7e)

/** Reads 209–211; 208 is not asked for, as RFC 5071 §3 deprecates it. */
export function decodePxelinux(options: ReadonlyMap<number, Uint8Array>): Pxelinux {
  const configFile = options.get(209)
  const pathPrefix = options.get(210)
  const reboot = options.get(211)
  return {
    ...(configFile && { configFile: readText(configFile) }),
    ...(pathPrefix && { pathPrefix: readText(pathPrefix) }),
    ...(reboot?.length === 4 && {
      rebootSeconds: new DataView(reboot.buffer, reboot.byteOffset, 4).getUint32(0),
    }),
  }
}

/** Options 208–211 as `options` of a decision take them. */
export function encodePxelinux({
  configFile,
  pathPrefix,
  rebootSeconds,
}: Pxelinux): Record<number, string | Uint8Array> {
  const time = new Uint8Array(4)
  if (rebootSeconds !== undefined) new DataView(time.buffer).setUint32(0, rebootSeconds)
  return {
    208: MAGIC,
    ...(configFile !== undefined && { 209: configFile }),
    ...(pathPrefix !== undefined && { 210: pathPrefix }),
    ...(rebootSeconds !== undefined && { 211: time }),
  }
}
