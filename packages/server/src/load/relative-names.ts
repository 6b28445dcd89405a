const LOADS = new Set(['kernel', 'initrd', 'module', 'imgfetch', 'imgload', 'chain', 'imgselect'])
const WITH_VALUE = new Set(['-n', '--name', '-t', '--timeout'])

/** The URI of a command that loads an image, and where it stands; undefined where there is none. */
const uriIn = (line: string): { readonly name: string; readonly index: number } | undefined => {
  const [command, ...words] = Array.from(line.matchAll(/\S+/g))
  if (!command || !LOADS.has(command[0])) return undefined
  const uri = words.find(
    ([word], i) => !word.startsWith('-') && !WITH_VALUE.has(words[i - 1]?.[0] ?? ''),
  )
  return uri && { name: uri[0], index: uri.index }
}

/** A name without scheme and path that iPXE takes relative to the URL of the script (RFC 3986 section 5.2). */
export interface RelativeName {
  readonly name: string
  readonly line: number
  readonly column: number
}

/** Relative names of a script of the user's own: this server gives it out as /script, beside which there is nothing. */
export const relativeNames = (text: string): RelativeName[] =>
  text.split('\n').flatMap((line, i) => {
    const uri = uriIn(line)
    if (!uri || /^([a-z][a-z\d+.-]*:|\/|\$\{|\{\{)/i.test(uri.name)) return []
    return [{ name: uri.name, line: i + 1, column: uri.index + 1 }]
  })
