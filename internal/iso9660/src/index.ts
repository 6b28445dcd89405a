/**
 * A reader of ISO 9660 images over bytes that can be read anywhere: files are found and served by ranges, and nothing is
 * unpacked. Never published: the build inlines it.
 *
 * @module
 */
export { rangesOf, type Entry, type Extent, type IsoFile } from './entry.ts'
export type { BootEntry, BootPlatform } from './codec/el-torito.ts'
export type { Labels } from './codec/descriptor.ts'
export type { Naming } from './directory.ts'
export { Iso9660Error, type Iso9660ErrorCode } from './error.ts'
export { LIMITS } from './limits.ts'
export type { Found } from './lookup.ts'
export { openImage, type IsoImage, type OpenOptions } from './open-image.ts'
export type { ByteSource } from './source.ts'
export type { Walked } from './walk.ts'
