import type { Options } from '@bootwire-internal/cli'

/** Options that say what is known of a machine, for the commands that speak of one. */
export const MACHINE_OPTIONS = {
  mac: { value: 'MAC', summary: 'hardware address, in any usual spelling' },
  uuid: { value: 'UUID', summary: 'UUID of its firmware' },
  serial: { value: 'SERIAL', summary: 'serial number' },
  asset: { value: 'ASSET', summary: 'asset tag' },
  product: { value: 'PRODUCT', summary: 'product name' },
  manufacturer: { value: 'NAME', summary: 'manufacturer' },
} as const satisfies Options

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
