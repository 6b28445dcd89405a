/** Options that say what is known of a machine, for the commands that speak of one. */
export const MACHINE_OPTIONS = {
  mac: { type: 'string' },
  uuid: { type: 'string' },
  serial: { type: 'string' },
  asset: { type: 'string' },
  product: { type: 'string' },
  manufacturer: { type: 'string' },
} as const

export const MACHINE_USAGE = '--mac MAC --uuid U --serial S --asset A --product P --manufacturer M'

type Fact = keyof typeof MACHINE_OPTIONS

/** The facts that were given, by their names in the script's URL. */
export const machineFacts = (values: { readonly [fact in Fact]?: string | undefined }): Partial<
  Record<Fact, string>
> => {
  const facts: Partial<Record<Fact, string>> = {}
  const names: readonly Fact[] = ['mac', 'uuid', 'serial', 'asset', 'product', 'manufacturer']
  for (const name of names) {
    const value = values[name]
    if (value !== undefined) facts[name] = value
  }
  return facts
}
