import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const run = (command: string, args: readonly string[], cwd: string, env = process.env): string =>
  execFileSync(command, [...args], {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })

/** A signing key of this test alone. */
export interface TestKey {
  readonly home: string
  readonly ring: string
}

export const makeKey = (folder: string, name: string): TestKey => {
  const home = join(folder, `gpg-${name}`)
  mkdirSync(home, { recursive: true })
  chmodSync(home, 0o700)
  const gpg = ['--homedir', home, '--batch', '--passphrase', '']
  run('gpg', [...gpg, '--quick-gen-key', `${name}@example.org`, 'ed25519', 'sign', '0'], folder)
  const ring = join(folder, `${name}.gpg`)
  writeFileSync(
    ring,
    execFileSync('gpg', [...gpg, '--export'], { stdio: ['ignore', 'pipe', 'pipe'] }),
  )
  chmodSync(ring, 0o644)
  return { home, ring }
}

/** Builds packages with dpkg-deb; names hold what clients write in different ways. */
export const makePool = (folder: string, names: readonly string[]): void => {
  for (const name of names) {
    const file = join(folder, 'debian/pool/main/x', `${name}_1.0+b1~rc1_amd64.deb`)
    mkdirSync(dirname(file), { recursive: true })
    const scratch = join(folder, 'scratch', name)
    mkdirSync(join(scratch, 'DEBIAN'), { recursive: true })
    writeFileSync(
      join(scratch, 'DEBIAN/control'),
      `Package: ${name}\nVersion: 1.0+b1~rc1\nArchitecture: amd64\nMaintainer: nobody <n@example.org>\nDescription: test\n`,
    )
    writeFileSync(join(scratch, 'payload'), name.repeat(500))
    run('dpkg-deb', ['-b', scratch, file], folder)
  }
}

/** Writes the indexes of suite `t` with apt's own tool and signs them, as an archive does. */
export const signTree = (folder: string, { home }: TestKey, more: readonly string[] = []): void => {
  const root = join(folder, 'debian')
  const at = join(root, 'dists/t/main/binary-amd64')
  mkdirSync(at, { recursive: true })
  writeFileSync(join(at, 'Packages'), run('apt-ftparchive', ['packages', 'pool/main'], root))
  run('xz', ['-kf', join(at, 'Packages')], root)
  const options = [
    'Suite=t',
    'Codename=t',
    'Components=main',
    'Architectures=amd64',
    'Acquire-By-Hash=yes',
  ]
  const set = options.flatMap((each) => ['-o', `APT::FTPArchive::Release::${each}`])
  const text = run('apt-ftparchive', [...set, ...more, 'release', 'dists/t'], root)
  writeFileSync(join(folder, 'Release'), text)
  const inRelease = join(root, 'dists/t/InRelease')
  run(
    'gpg',
    [
      '--homedir',
      home,
      '--batch',
      '--yes',
      '--clearsign',
      '-o',
      `${inRelease}.new`,
      join(folder, 'Release'),
    ],
    root,
  )
  renameSync(`${inRelease}.new`, inRelease)
}

/** A mirror that has copied everything, and sends other bytes of the same size. */
export const copyEvil = (from: string, to: string): void => {
  cpSync(from, to, { recursive: true })
  for (const name of run('find', ['debian/pool', '-name', '*.deb'], to).trim().split('\n')) {
    const file = join(to, name)
    const bytes = readFileSync(file)
    bytes[bytes.length - 1]! ^= 0xff
    writeFileSync(file, bytes)
  }
}
