import { IpxeScriptError } from '../errors.ts'

/** The list itself. Plain JavaScript may give a text, whose letters would become arguments one by one. */
export const listOf = <T>(name: string, value: readonly T[] = []): readonly T[] => {
  if (Array.isArray(value)) return value
  throw new IpxeScriptError(
    'ERR_IPXE_RECIPE',
    `${name} ${JSON.stringify(value)} is not a list; write [${JSON.stringify(value)}]`,
  )
}
