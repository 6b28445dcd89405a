import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { RELEASE } from './squid/release.ts'

/** The helper that comes with Debian's squid. */
export const STOCK_HELPER = RELEASE.stockHelper

/** Runs the stock helper on a `storeid.db`; lines and answers are latin1 text. */
export const runStockHelper = (
  db: string,
  lines: string,
): { readonly out: string; readonly err: string } => {
  const folder = mkdtempSync(join(tmpdir(), 'bootwire-squid-'))
  try {
    const file = join(folder, 'storeid.db')
    writeFileSync(file, db, 'latin1')
    const { stdout, stderr } = spawnSync(STOCK_HELPER, [file], {
      input: Buffer.from(lines, 'latin1'),
      maxBuffer: 1 << 30,
      timeout: 120_000,
    })
    return { out: stdout.toString('latin1'), err: stderr.toString('latin1') }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
