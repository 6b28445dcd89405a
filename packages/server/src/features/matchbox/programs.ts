import { execFile } from 'node:child_process'

import { ServerError } from '../../model/errors.ts'

/** How long another program may take for one request, and how much it may print. */
const PROGRAM_MS = 10_000
const PRINTED_BYTES = 16 * 1024 * 1024

/**
 * Runs a program on a text.
 * @throws {ServerError} `ERR_SERVER_DATA` with what it printed of its error
 */
export const runProgram = (
  program: string,
  args: readonly string[],
  input: Buffer,
): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { encoding: 'buffer', timeout: PROGRAM_MS, maxBuffer: PRINTED_BYTES, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        if (!error) {
          resolve(stdout)
          return
        }
        const said = stderr.toString('utf8').trim() || error.message
        reject(new ServerError('ERR_SERVER_DATA', `${program}: ${said}`, { cause: error }))
      },
    )
    // A program that reads nothing has closed its end: its exit says why.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
