import { swapUuid } from '../codec/options/machine-id.ts'

/**
 * UUIDs that firmware vendors left in many machines, as SMBIOS tools print them. Seen in captures and bug reports:
 * AMI's default, Dell without a service tag, boards whose maker counted, and the ROM of the Raspberry Pi 3.
 */
const SHARED = [
  '03000200-0400-0500-0006-000700080009',
  '4c4c4544-0000-2010-8020-80c04f202020',
  '03020100-0504-0706-0809-0a0b0c0d0e0f',
  '12345678-1234-5678-90ab-cddeefaabbcc',
  '88888888-8888-8888-8888-888888888887',
  '12345678-1234-1234-1234-123456789012',
  '12345678-1234-1234-1234-123456789abc',
]

const KNOWN: ReadonlySet<string> = new Set(SHARED.flatMap((uuid) => [uuid, swapUuid(uuid)]))

/** One byte sixteen times, 00 (not present) and FF (not set, SMBIOS section 7.2.1) among them. */
const ONE_BYTE = /^(..)\1{3}-\1{2}-\1{2}-\1{2}-\1{6}$/

/** True for a UUID that many machines have: alone it names none of them. Lower case, with dashes, in either byte order. */
export const isSharedUuid = (uuid: string): boolean => KNOWN.has(uuid) || ONE_BYTE.test(uuid)
