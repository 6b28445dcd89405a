import { IpxeScriptError } from '../errors.ts'

/** A place in a script that `goto` can go to. Put the value itself where the label stands. */
export class Label<N extends string = string> {
  readonly name: N
  /** A label of a recipe: a script that has its name twice numbers it. */
  readonly local: boolean

  constructor(name: N, local: boolean) {
    // oxlint-disable-next-line no-control-regex -- control characters are what is refused
    if (typeof name !== 'string' || !/^[^\0-\x20\x7f${}\\-][^\0-\x20\x7f${}\\]*$/.test(name))
      throw new IpxeScriptError(
        'ERR_IPXE_LABEL',
        `label ${JSON.stringify(name)} is not one word without blanks, dollars, braces and backslashes that begins with no dash`,
      )
    this.name = name
    this.local = local
  }
}

/** A label with a name of its own in the script. */
export const label = <const N extends string>(name: N): Label<N> => new Label(name, false)

/** A label for a reusable part of a script: its name gets a number where it is taken. */
export const localLabel = (name: string): Label => new Label(name, true)
