import { CATALOGUE } from '../catalogue/index.ts'

/** Repositories by the field that has the path of an archive on the paragraph's `Site`. */
const ARCHIVES: ReadonlyMap<string, string> = new Map(
  CATALOGUE.flatMap(({ name, masterlistField }) =>
    masterlistField === undefined ? [] : [[masterlistField.toLowerCase(), name]],
  ),
)

/** A line of the list as a URL, with the repository that it is for. */
export interface MasterlistEntry {
  readonly line: number
  readonly url: string
  readonly repository: string
}

/** Whether a text is such a list: paragraphs of `Site:` and fields, as deb822(5). */
export const isMasterlist = (text: string): boolean =>
  /^Site: *\S+/im.test(text) && /^(?:Archive|Security|Ports)-http: *\/\S*/im.test(text)

/** Reads the list; a host's archives stand in lines of their own, before or behind it. */
export const masterlistEntries = (text: string): MasterlistEntry[] => {
  const found: MasterlistEntry[] = []
  let site: string | undefined
  let waiting: { line: number; path: string; repository: string }[] = []
  const close = (): void => {
    const host = site
    if (host !== undefined)
      for (const { line, path, repository } of waiting)
        found.push({ line, url: `http://${host}${path}`, repository })
    site = undefined
    waiting = []
  }
  text.split(/\r?\n/).forEach((line, i) => {
    if (line.trim() === '') return close()
    const field = /^([\w-]+): *(\S+)/.exec(line)
    if (!field) return
    const [, name = '', value = ''] = field
    const repository = ARCHIVES.get(name.toLowerCase())
    if (name.toLowerCase() === 'site') site = value
    else if (repository !== undefined && value.startsWith('/'))
      waiting.push({ line: i + 1, path: value, repository })
  })
  close()
  return found
}
