import { parseArgs, type ParseArgsConfig } from 'node:util'

import { messageOf, ServerError } from '../model/errors.ts'

type Options = NonNullable<ParseArgsConfig['options']>
type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{
    readonly args: string[]
    readonly options: T
    readonly allowPositionals: true
  }>
>

/** `parseArgs` whose complaints are usage errors. */
export const readArguments = <const T extends Options>(
  args: readonly string[],
  options: T,
): Parsed<T> => {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw new ServerError('ERR_SERVER_USAGE', messageOf(error), { cause: error })
  }
}

/** The same for commands that take options alone. */
export const readOptions = <const T extends Options>(
  args: readonly string[],
  options: T,
): Parsed<T>['values'] => {
  const { values, positionals } = readArguments(args, options)
  if (positionals.length === 0) return values
  throw new ServerError(
    'ERR_SERVER_USAGE',
    `"${positionals[0]}" is not an option; options begin with --`,
  )
}

/** A port number of the command line. */
export const portOf = (text: string | undefined, option: string): number | undefined => {
  if (text === undefined) return undefined
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new ServerError(
    'ERR_SERVER_USAGE',
    `--${option} ${JSON.stringify(text)} is no port; 0 to 65535 are allowed`,
  )
}
