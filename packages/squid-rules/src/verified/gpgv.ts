import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What came of looking at a signature. */
export type Verdict =
  | { readonly ok: true; readonly text: string; readonly fingerprint: string }
  | { readonly ok: false; readonly why: string }

/** A signature block of `gpgv --status-fd`. */
const IS_GOOD = /^\[GNUPG:\] GOODSIG /m

/**
 * Reads gpgv's status lines. Its exit code is wrong both ways: 2 although one of several signers is good, 0 for a key
 * that has expired. One good signature by an allowed primary key is enough, and one bad one spoils all.
 */
export const readStatus = (
  status: string,
  allowed: readonly string[] | undefined,
): { readonly fingerprint: string } | { readonly why: string } => {
  if (/^\[GNUPG:\] BADSIG /m.test(status)) return { why: 'a signature is bad' }
  const blocks = status.split(/^\[GNUPG:\] NEWSIG.*$/m).slice(1)
  for (const block of blocks) {
    if (!IS_GOOD.test(block) || /^\[GNUPG:\] (?:EXPKEYSIG|REVKEYSIG|EXPSIG|ERRSIG) /m.test(block))
      continue
    const words = /^\[GNUPG:\] VALIDSIG (.*)$/m.exec(block)?.[1]?.split(' ')
    const fingerprint = words?.at(-1)
    if (fingerprint === undefined) continue
    if (allowed === undefined || allowed.includes(fingerprint)) return { fingerprint }
  }
  const expired = /^\[GNUPG:\] (?:EXPKEYSIG|KEYEXPIRED)/m.test(status)
  const unknown = /^\[GNUPG:\] NO_PUBKEY (\S+)/m.exec(status)?.[1]
  return {
    why: expired
      ? 'its key has expired'
      : unknown === undefined
        ? 'it has no signature by an allowed key'
        : `the key ${unknown} is not in the key ring`,
  }
}

/** An InRelease of the largest suites has a fifth of it. */
const MAX_SIGNED_BYTES = 4 * 1024 * 1024

const GPGV_MS = 10_000

/**
 * Checks a clear-signed file, or one with a detached signature, against one key ring.
 * Of a clear-signed one only what was signed is given back: a mirror may write anything around it.
 */
export const verifySignature = (
  file: Uint8Array,
  keyring: string,
  options: { readonly detached?: Uint8Array; readonly fingerprints?: readonly string[] } = {},
): Verdict => {
  if (file.length > MAX_SIGNED_BYTES)
    return { ok: false, why: `it is longer than ${MAX_SIGNED_BYTES} bytes` }
  const folder = mkdtempSync(join(tmpdir(), 'bootwire-squid-gpgv-'))
  try {
    const path = (name: string): string => join(folder, name)
    writeFileSync(path('file'), file)
    const { detached, fingerprints } = options
    if (detached) writeFileSync(path('signature'), detached)
    const { error, stdout } = spawnSync(
      'gpgv',
      [
        '--status-fd',
        '1',
        ...(detached ? [] : ['--output', path('signed')]),
        '--keyring',
        keyring,
        ...(detached ? [path('signature'), path('file')] : [path('file')]),
      ],
      {
        encoding: 'latin1',
        timeout: GPGV_MS,
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { LC_ALL: 'C', PATH: process.env['PATH'] ?? '', GNUPGHOME: folder },
      },
    )
    if (error) {
      const missing = 'code' in error && error.code === 'ENOENT'
      return { ok: false, why: missing ? 'gpgv is missing: apt install gpgv' : error.message }
    }
    const status = readStatus(stdout, fingerprints)
    if ('why' in status) return { ok: false, why: status.why }
    // Only now: gpgv writes the text of a bad signature too.
    const signed = detached ? file : readFileSync(path('signed'))
    return { ok: true, text: Buffer.from(signed).toString('latin1'), ...status }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
