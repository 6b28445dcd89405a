import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { describeSystem } from '../../../../../scripts/system-tests.ts'
import { openSigner } from '../../../src/features/matchbox/sign.ts'
import { temporaryFolder } from '../../support.ts'
import { openMatchbox } from './rig.ts'

const PASSPHRASE = 'a passphrase'

describeSystem('section 8b: signatures, verified by gpg', () => {
  let home: string
  let ring: string
  const gpg = (args: readonly string[]): Buffer =>
    execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })

  beforeEach(() => {
    const folder = temporaryFolder()
    home = join(folder, 'home')
    ring = join(folder, 'secring.gpg')
    mkdirSync(home, { mode: 0o700 })
    const secret = ['--pinentry-mode', 'loopback', '--passphrase', PASSPHRASE]
    gpg([...secret, '--quick-generate-key', 'box@boot.example', 'rsa2048', 'sign'])
    writeFileSync(ring, gpg([...secret, '--export-secret-keys']))
    vi.stubEnv('MATCHBOX_PASSPHRASE', PASSPHRASE)
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    execFileSync('gpgconf', ['--homedir', home, '--kill', 'gpg-agent'])
  })

  const verify = (signature: Buffer, text: string): boolean => {
    const [a, b] = [join(home, 'signature'), join(home, 'text')]
    writeFileSync(a, signature)
    writeFileSync(b, text)
    return spawnSync('gpg', ['--homedir', home, '--batch', '--verify', a, b]).status === 0
  }

  it('signs every answer, and the text of an error as well', async () => {
    const signer = await openSigner(ring, temporaryFolder())
    await using box = await openMatchbox(
      { 'groups/a.json': '{"profile":"p"}', 'profiles/p.json': '{"id":"p","boot":{"kernel":"k"}}' },
      { sign: signer.sign },
    )
    const ask = async (path: string) => {
      const response = await fetch(box.base + path)
      const type = response.headers.get('content-type')
      return { status: response.status, type, body: Buffer.from(await response.arrayBuffer()) }
    }
    const script = '#!ipxe\nkernel k\nboot\n'
    const binary = await ask('/ipxe.sig')
    expect(binary).toMatchObject({ status: 200, type: 'application/octet-stream' })
    expect(verify(binary.body, script)).toBe(true)
    expect(verify(binary.body, `${script} `)).toBe(false)
    // Version 4, of a text, as matchbox makes them.
    expect(binary.body.subarray(3, 5)).toEqual(Buffer.from([4, 1]))
    const armored = await ask('/ipxe.asc')
    expect(armored).toMatchObject({ status: 200, type: 'text/plain; charset=utf-8' })
    expect(armored.body.toString()).toMatch(/-----END PGP SIGNATURE-----$/)
    expect(verify(armored.body, script)).toBe(true)
    const error = await ask('/generic.sig')
    expect(error.status).toBe(404)
    expect(verify(error.body, '404 page not found\n')).toBe(true)
    await signer.close()
  })

  it('does not start with a wrong passphrase, or with what is no key ring', async () => {
    vi.stubEnv('MATCHBOX_PASSPHRASE', 'wrong')
    await expect(openSigner(ring, temporaryFolder())).rejects.toThrow('gpg: ')
    writeFileSync(ring, 'mangled')
    await expect(openSigner(ring, temporaryFolder())).rejects.toThrow('gpg: ')
  })
})
