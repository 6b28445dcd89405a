/** The labels that a machine is chosen by. */
export type Labels = ReadonlyMap<string, string>

/** Bytes of a `%`-escaped text, or undefined where an escape is bad, as Go's url.QueryUnescape. */
const unescape = (text: string): string | undefined => {
  if (/%(?![0-9a-fA-F]{2})/.test(text)) return undefined
  const bytes = text
    .replaceAll('+', ' ')
    .replaceAll(/%([0-9a-fA-F]{2})/g, (_all, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** Six, eight or twenty octets, all between one kind of mark, in lower case with colons, as Go's net.ParseMAC. */
export const parseMac = (text: string): string | undefined => {
  const isGrouped =
    /^[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2})+$/.test(text) ||
    /^[0-9a-fA-F]{2}(?:-[0-9a-fA-F]{2})+$/.test(text) ||
    /^[0-9a-fA-F]{4}(?:\.[0-9a-fA-F]{4})+$/.test(text)
  const octets = text.match(/[0-9a-fA-F]{2}/g) ?? []
  if (!isGrouped || ![6, 8, 20].includes(octets.length)) return undefined
  return octets.join(':').toLowerCase()
}

/**
 * Labels of a query: a pair with `;` or a bad escape is left out, the first value of a key counts, and an address keeps its
 * key but not its spelling.
 */
export const labelsOf = (rawQuery: string): Labels => {
  const first = new Map<string, string>()
  for (const pair of rawQuery.split('&')) {
    if (pair === '' || pair.includes(';')) continue
    const cut = pair.indexOf('=')
    const key = unescape(cut < 0 ? pair : pair.slice(0, cut))
    const value = unescape(cut < 0 ? '' : pair.slice(cut + 1))
    if (key !== undefined && value !== undefined && !first.has(key)) first.set(key, value)
  }
  const labels = new Map<string, string>()
  for (const [key, value] of first) {
    const label = key.toLowerCase() === 'mac' ? parseMac(value) : value
    if (label !== undefined) labels.set(key, label)
  }
  return labels
}
