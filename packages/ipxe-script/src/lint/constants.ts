import { parseInteger, toBytes } from '../run/bytes.ts'
import { causeOf } from '../run/errno.ts'
import { builtinSource, createDevice, smbiosSource } from '../run/machine-settings.ts'
import { cardsOf } from '../run/machine.ts'
import { resolveName, Root, storeText } from '../run/settings.ts'
import type { AnyProfile } from '../table/index.ts'
import { PREDEFINED } from '../table/predefined.ts'

/** Whether iPXE reads a text as a whole number: `0x10` and octal `010` are some, `0.5` and `5s` are none. */
export const isInteger = (text: string): boolean =>
  text !== '' && parseInteger(toBytes(text)) !== undefined

const nothing = (): number => 0

/** A machine with a card for every `netN` that a name may mention. */
const rootOf = (recent: boolean, name: string): Root => {
  const root = new Root(recent)
  root.add(
    'builtin',
    builtinSource({
      errno: nothing,
      unixTime: nothing,
      workingUri: () => '',
      platform: '',
      buildarch: '',
      version: '',
      recent,
    }),
  )
  const unknown = ''
  root.add(
    'smbios',
    smbiosSource({
      uuid: unknown,
      manufacturer: unknown,
      product: unknown,
      serial: unknown,
      asset: unknown,
      boardSerial: unknown,
    }),
  )
  const number = /^net(\d{1,2})\b/.exec(name)?.[1]
  if (number !== undefined) createDevice(root, Number(number), cardsOf({})[0]!)
  return root
}

/**
 * Why no build can store a text under a name, in iPXE's words; nothing where one can. `builds`: those asked for.
 * Without any, the builds of today count.
 */
export const whyNotStored = (
  name: string,
  value: string,
  builds: readonly AnyProfile[],
): string | undefined => {
  // A name of the script's own, without a type, holds any text.
  if (!/[:/.]|^\d/.test(name) && !PREDEFINED.has(name)) return undefined
  const ages = builds.map(({ traits }) => traits.hasRecentSettings)
  for (const recent of new Set(ages.length === 0 ? [true] : ages)) {
    const real = name.replace(/^netX\//, 'net0/')
    const named = resolveName(rootOf(recent, real), toBytes(real), true)
    const status = typeof named === 'number' ? named : storeText(named, toBytes(value))
    if (status !== 0) return causeOf(status)
  }
  return undefined
}

/** The type that a setting has, its own or the one its name says; nothing for an unknown one. */
export const typeOfSetting = (name: string): string | undefined => {
  const named = resolveName(rootOf(true, name), toBytes(name), true)
  return typeof named === 'number' ? undefined : (named.setting.type?.name ?? 'string')
}
