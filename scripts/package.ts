// npm run package [-- --version VERSION] [--out FOLDER]: a Debian package of the daemon; default: into dist/.
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { writeDeb } from './package/deb.ts'
import { CHECKOUT } from './package/tree.ts'

const usage = (why: string): never => {
  process.stderr.write(
    `package: ${why}\nusage: npm run package [-- --version VERSION] [--out FOLDER]\n`,
  )
  process.exit(2)
}

const given = (): { readonly version?: string; readonly out?: string } => {
  try {
    const options = { version: { type: 'string' }, out: { type: 'string' } } as const
    return parseArgs({ options }).values
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error))
  }
}

const { version, out = join(CHECKOUT, 'dist') } = given()
if (version !== undefined && !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
  usage(`saw the version ${version}; one such as 1.2.3 or 1.2.3-beta.1 is allowed`)
try {
  process.stdout.write(`${writeDeb(out, version)}\n`)
} catch (error) {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
  const what = error instanceof Error ? error.message : String(error)
  process.stderr.write(
    `package: ${isMissing ? `${what}: a Debian package is made by dpkg-deb, on Debian or with its package dpkg` : what}\n`,
  )
  process.exit(1)
}
