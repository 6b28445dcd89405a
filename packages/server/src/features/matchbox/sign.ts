import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { runProgram } from './programs.ts'

/** Makes detached signatures of texts. */
export interface Signer {
  readonly sign: (text: Buffer, isArmored: boolean) => Promise<Buffer>
  readonly close: () => Promise<void>
}

const NOTHING = Buffer.alloc(0)

/**
 * Opens a key ring with `gpg`, in a home of its own.
 * @throws {ServerError} `ERR_SERVER_DATA` where it cannot be read, has no secret key, or its passphrase is wrong
 */
export const openSigner = async (keyRing: string, folder: string): Promise<Signer> => {
  const home = await mkdtemp(join(folder, 'gpg-'))
  // In a file that nobody else can read: the arguments of a program are everybody's to see.
  const passphrase = join(home, 'passphrase')
  await writeFile(passphrase, process.env['MATCHBOX_PASSPHRASE'] ?? '', { mode: 0o600 })
  const base = ['--homedir', home, '--batch', '--quiet', '--no-tty', '--pinentry-mode', 'loopback']
  const gpg = (args: readonly string[], input: Buffer): Promise<Buffer> =>
    runProgram('gpg', [...base, '--passphrase-file', passphrase, ...args], input)
  const close = async (): Promise<void> => {
    await runProgram('gpgconf', ['--homedir', home, '--kill', 'gpg-agent'], NOTHING)
    await rm(home, { recursive: true, force: true })
  }
  const sign: Signer['sign'] = async (text, isArmored) => {
    const armor = isArmored ? ['--armor'] : []
    const signature = await gpg(
      ['--textmode', '--digest-algo', 'SHA256', ...armor, '--detach-sign'],
      text,
    )
    // matchbox ends with the END line itself.
    return isArmored ? Buffer.from(signature.toString('latin1').trimEnd(), 'latin1') : signature
  }
  try {
    await gpg(['--import', keyRing], NOTHING)
    await sign(NOTHING, false)
  } catch (error) {
    await close()
    throw error
  }
  return { sign, close }
}
