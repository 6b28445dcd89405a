import type { Condition } from './model.ts'

/** `2` octets or more of hexadecimal, `*` for any; a type of hardware may stand before (`06-`). */
export const macPattern = (text: string): readonly string[] | undefined => {
  const octets = text.replace(/^[0-9a-fA-F]{1,2}-(?=.*:)/, '').split(/[:-]/)
  if (octets.length !== 6 || !octets.every((octet) => /^(?:[0-9a-fA-F]{1,2}|\*)$/.test(octet)))
    return undefined
  return octets.map((octet) => (octet === '*' ? octet : octet.padStart(2, '0').toLowerCase()))
}

const codeOf = (text: string): number | undefined => {
  if (/^\d+$/.test(text)) return Number(text)
  const octets = /^([0-9a-fA-F]{1,2}):([0-9a-fA-F]{1,2})$/.exec(text)
  return octets ? Number.parseInt(`${octets[1]}${octets[2]!.padStart(2, '0')}`, 16) : undefined
}

const NUMBERS: Readonly<Record<string, number>> = {
  'client-arch': 93,
  'user-class': 77,
  'vendor-class': 60,
}

/** The condition of a `dhcp-match`: an option of DHCP, and what is in it. */
export const matchCondition = (option: string, value: string | undefined): Condition => {
  const name = option.replace(/^option:/, '')
  const number = NUMBERS[name] ?? (/^\d+$/.test(name) ? Number(name) : undefined)
  const unknowable: Condition = {
    kind: 'unknowable',
    what: `DHCP option ${option}${value === undefined ? '' : ` is ${value}`}`,
  }
  if (number === 93) {
    const code = value === undefined ? undefined : codeOf(value)
    if (value !== undefined && code === undefined) return unknowable
    return { kind: 'architecture', ...(code !== undefined && { code }) }
  }
  if (number === 175 && value === undefined) return { kind: 'ipxe' }
  if (number === 60) return { kind: 'vendor-class', contains: value ?? '' }
  if (number === 77) return { kind: 'user-class', contains: value ?? '' }
  // Every PXE client names its interface and its UUID.
  if ((number === 94 || number === 97) && value === undefined) return { kind: 'always' }
  return unknowable
}
