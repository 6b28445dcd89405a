import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** An image that a real tool made (`MAKERS` of build.ts says how), to be read and spoilt. */
export const realImage = (name: string): Buffer =>
  gunzipSync(readFileSync(new URL(`images/${name}.iso.gz`, import.meta.url)))

/** A Rock Ridge name entry, as it stands in an image. */
export const nameEntry = (name: string): Buffer =>
  Buffer.concat([Buffer.from([0x4e, 0x4d, 5 + name.length, 1, 0]), Buffer.from(name)])

/** Where the directory record begins that has a Rock Ridge name. */
export const recordOf = (image: Buffer, name: string): number => {
  const at = image.indexOf(nameEntry(name))
  for (let start = at - 34; start > at - 255; start--) {
    // A record: its length reaches behind the name, and both byte orders of its sector agree.
    const isRecord =
      image[start]! >= at - start + 5 + name.length &&
      image.readUInt32LE(start + 2) === image.readUInt32BE(start + 6) &&
      image.readUInt32LE(start + 10) === image.readUInt32BE(start + 14) &&
      image.readUInt16LE(start + 28) === 1
    if (isRecord) return start
  }
  throw new Error(`no record of ${name}`)
}
