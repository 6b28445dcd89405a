/** One file that a signed index names. */
export interface IndexEntry {
  /** Below the repository's root, as the index writes it. */
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

/** Why an entry of an index is not used. */
export type Dropped = 'escapes' | 'elsewhere' | 'incomplete'

/** Whether a path stays below its root, and is written in one way only. */
export const isSafePath = (path: string): boolean =>
  path !== '' &&
  !/[\0-\x20\\]|^\/|\/$/.test(path) &&
  path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')

/** What a Release file says, once its signature has been checked. */
export interface Release {
  readonly suite: string | undefined
  readonly codename: string | undefined
  readonly timeMs: number
  readonly validUntilMs: number | undefined
  readonly byHash: boolean
  /** By path below the Release file. */
  readonly files: ReadonlyMap<string, { readonly bytes: number; readonly sha256: string }>
}

/** More than Debian's largest, by far. */
const MAX_FILES = 100_000

/** Reads the text of a Release file. Its trailing blanks and carriage returns are what a mirror may have added. */
export const parseRelease = (text: string): Release | undefined => {
  const fields = new Map<string, string>()
  const files = new Map<string, { bytes: number; sha256: string }>()
  let field = ''
  for (const raw of text.split('\n')) {
    const line = raw.trimEnd()
    if (line.startsWith(' ') && field === 'sha256') {
      const [sha256 = '', bytes = '', path = ''] = line.trim().split(/\s+/)
      if (/^[0-9a-f]{64}$/.test(sha256) && /^\d{1,15}$/.test(bytes) && isSafePath(path)) {
        if (files.size < MAX_FILES) files.set(path, { bytes: Number(bytes), sha256 })
      }
      continue
    }
    const match = /^([A-Za-z0-9-]+):\s*(.*)$/.exec(line)
    if (!match) continue
    field = match[1]!.toLowerCase()
    fields.set(field, match[2]!)
  }
  const timeMs = Date.parse(fields.get('date') ?? '')
  if (Number.isNaN(timeMs) || files.size === 0) return undefined
  const validUntilMs = Date.parse(fields.get('valid-until') ?? '')
  return {
    suite: fields.get('suite'),
    codename: fields.get('codename'),
    timeMs,
    validUntilMs: Number.isNaN(validUntilMs) ? undefined : validUntilMs,
    byHash: fields.get('acquire-by-hash') === 'yes',
    files,
  }
}

/** Takes a Packages file piece by piece. */
export interface PackagesReader {
  readonly push: (text: string) => void
  readonly end: () => void
}

/** A stanza with a longer line is nobody's. */
const MAX_LINE_BYTES = 1024 * 1024

export const createPackagesReader = (
  take: (entry: IndexEntry) => void,
  drop: (why: Dropped, what: string) => void,
): PackagesReader => {
  let carry = ''
  let filename = ''
  let bytes = ''
  let sha256 = ''
  const stanza = (): void => {
    if (filename !== '') {
      const path = filename.startsWith('./') ? filename.slice(2) : filename
      if (!isSafePath(path)) drop('escapes', filename)
      else if (!/^[0-9a-f]{64}$/.test(sha256) || !/^\d{1,15}$/.test(bytes))
        drop('incomplete', filename)
      else take({ path, bytes: Number(bytes), sha256 })
    }
    filename = ''
    bytes = ''
    sha256 = ''
  }
  const line = (text: string): void => {
    if (text === '' || text === '\r') stanza()
    else if (text.startsWith('Filename: ')) filename = text.slice(10).trim()
    else if (text.startsWith('Size: ')) bytes = text.slice(6).trim()
    else if (text.startsWith('SHA256: ')) sha256 = text.slice(8).trim().toLowerCase()
  }
  return {
    push(text) {
      let start = 0
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        line(carry + text.slice(start, end))
        carry = ''
        start = end + 1
      }
      carry = (carry + text.slice(start)).slice(0, MAX_LINE_BYTES)
    },
    end() {
      line(carry)
      stanza()
    },
  }
}
