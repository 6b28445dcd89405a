import { createHmac, timingSafeEqual } from 'node:crypto'

import type { TokenClaims } from './steps.ts'

/** Keys that are tried; a rotation puts a new one in front. */
export const MAX_KEYS = 4
export const KEY_BYTES = 32

/** 128 bits: not to be guessed, short enough for a kernel's command line. */
const SIGNATURE_BYTES = 16

const sign = (key: Uint8Array, purpose: string, text: string): Buffer =>
  createHmac('sha256', key).update(`${purpose}\n${text}`).digest().subarray(0, SIGNATURE_BYTES)

/** The signature of a text for one purpose, by the newest key. */
export const signatureOf = (keys: readonly Uint8Array[], purpose: string, text: string): string => {
  const [key] = keys
  if (!key) throw new Error('there is no key to sign with')
  return sign(key, purpose, text).toString('base64url')
}

/** Whether any of the keys made the signature. It takes as long whichever of them did, and where none did. */
export const isSignedBy = (
  keys: readonly Uint8Array[],
  purpose: string,
  text: string,
  signature: string,
): boolean => {
  const given = Buffer.alloc(SIGNATURE_BYTES)
  const whole =
    /^[\w-]{22}$/.test(signature) && given.write(signature, 'base64url') === SIGNATURE_BYTES
  let good = false
  for (const key of keys.slice(0, MAX_KEYS))
    good = timingSafeEqual(sign(key, purpose, text), given) || good
  // Base64 has several spellings of the last bits: only ours counts.
  return good && whole && given.toString('base64url') === signature
}

const REPORT = 'bootwire report 1'

/**
 * The token of a machine's report: `ID.INSTALLATION.BOOT.MAC.SIGNATURE`. It says all by itself, so it needs neither a
 * look-up nor an end of its validity: whether it was used, or is superseded, is a matter of the machine's record.
 */
export const reportToken = (
  keys: readonly Uint8Array[],
  { machine, installation, boot, mac }: TokenClaims,
): string => {
  const text = `${machine}.${installation}.${boot}.${mac?.replaceAll(':', '') ?? ''}`
  return `${text}.${signatureOf(keys, REPORT, text)}`
}

/** What a token says, and whether it is genuine; undefined: it is no token. What is not genuine is good for a log line only. */
export const readReportToken = (
  keys: readonly Uint8Array[],
  token: string,
): { readonly claims: TokenClaims; readonly genuine: boolean } | undefined => {
  const form = /^([a-z0-9]{1,32})\.(\d{1,9})\.(\d{1,9})\.([0-9a-f]{12}|)\.([\w-]{22})$/
  const [, machine, installation, boot, mac, signature] = form.exec(token) ?? []
  if (machine === undefined || signature === undefined) return undefined
  const claims = {
    machine,
    installation: Number(installation),
    boot: Number(boot),
    ...(mac && { mac: mac.replaceAll(/(..)(?=.)/g, '$1:') }),
  }
  const genuine = isSignedBy(keys, REPORT, token.slice(0, token.lastIndexOf('.')), signature)
  return { claims, genuine }
}
