// npm run build:native: compiles native/*.c into prebuilt/, the same bytes whenever compiler and linker are the same.
// With a folder as argument it builds there instead, for whoever wants to compare.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const target = resolve(process.argv[2] ?? join(here, 'prebuilt'))

const COMPILERS = { x64: 'x86_64-linux-gnu-gcc', arm64: 'aarch64-linux-gnu-gcc' }
const CPU_FLAGS = {
  x64: ['-fcf-protection=none', '-Wl,-z,relro,-z,max-page-size=4096'],
  // Some arm64 kernels have pages of 64 KiB: a read-only part of that size for 300 bytes would be most of the file.
  arm64: ['-mbranch-protection=none', '-Wl,-z,norelro,-z,max-page-size=65536'],
}
// No C library (system calls are made directly, Node-API and libuv come from the `node` that loads the file), and nothing
// of this machine or this minute in the file.
const FLAGS = `
  -std=c11 -O2 -fPIC -shared -nostdlib -ffreestanding -fvisibility=hidden
  -fno-stack-protector -fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns
  -Wall -Wextra -Wstrict-prototypes -Wshadow -Werror
  -fno-ident -s -Wl,--build-id=none -Wl,--hash-style=gnu
  -Wl,-z,noexecstack,-z,now,-z,noseparate-code
`
  .trim()
  .split(/\s+/)

const sha256 = (...parts) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}
const firstLine = (command, ...args) =>
  execFileSync(command, args, { encoding: 'utf8' }).split('\n')[0]

const sources = readdirSync(join(here, 'native')).toSorted()
const builtWith = {
  source: sha256(...sources.map((name) => readFileSync(join(here, 'native', name)))),
  flags: FLAGS.join(' '),
  files: {},
}
for (const [cpu, compiler] of Object.entries(COMPILERS)) {
  const name = `linux-${cpu}.node`
  const file = join(target, name)
  const units = sources.filter((source) => source.endsWith('.c'))
  execFileSync(compiler, [...FLAGS, ...CPU_FLAGS[cpu], ...units, '-o', file], {
    cwd: join(here, 'native'),
    stdio: 'inherit',
  })
  builtWith.files[name] = {
    flags: CPU_FLAGS[cpu].join(' '),
    compiler: firstLine(compiler, '--version'),
    linker: firstLine(compiler.replace(/gcc$/, 'ld'), '--version'),
    sha256: sha256(readFileSync(file)),
  }
}
writeFileSync(join(target, 'built-with.json'), `${JSON.stringify(builtWith, null, 2)}\n`)
