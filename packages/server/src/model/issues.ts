/** Where in the configuration: keys and positions in lists, from the outermost. */
export type Path = readonly (string | number)[]

/** One finding in a configuration: where (path into the data), which, and a sentence for people. */
export interface ConfigIssue {
  readonly code: string
  readonly message: string
  readonly path: Path
  /** 1-based; absent when the finding is in no line, such as a file that cannot be read. */
  readonly line?: number
  readonly column?: number
  readonly file?: string
}

/** True where something at, in or around a path was left out, so that nothing may be called missing there. */
export type IsIncomplete = (path: Path) => boolean

/** A place in another file than the configuration, such as a template. */
export type Place = Required<Pick<ConfigIssue, 'file' | 'line' | 'column'>>

/** A finding before its place in the file is known. */
export type Finding = Pick<ConfigIssue, 'code' | 'message' | 'path'> & {
  readonly key?: string
  readonly at?: Place
}

/** Collects every finding, each once, so that a person corrects a file once. */
export class Findings {
  readonly #found = new Map<string, Finding>()

  get all(): readonly Finding[] {
    return [...this.#found.values()]
  }

  get size(): number {
    return this.#found.size
  }

  add(code: string, path: Path, message: string, at?: Place): void {
    this.addFinding({ code, path, message, ...(at && { at }) })
  }

  addFinding(finding: Finding): void {
    const { code, path, message, at } = finding
    // In another file the place is what counts: several parts of the configuration may name it.
    const key = at ? JSON.stringify([at, message]) : JSON.stringify([code, path, message])
    if (!this.#found.has(key)) this.#found.set(key, finding)
  }
}

/** What loading needs of the host; tests hand in a map. */
export interface ConfigHost {
  /** Absolute path of a file that the configuration names. */
  resolve(path: string): string
  readText(path: string): string
  isFile(path: string): boolean
  isFolder(path: string): boolean
  /** Without symbolic links, as far as it is there. */
  realPath(path: string): string
  /** Changes when the file does. */
  version(path: string): string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where state goes unless the configuration or the command line says otherwise. */
  readonly dataFolder: string
}

const compare = <T extends string | number>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0)

/** In order of position: the configuration itself first, then the files that it names. */
export const inOrder = (issues: readonly ConfigIssue[], file: string): ConfigIssue[] =>
  issues.toSorted(
    (a, b) =>
      Number(a.file !== file) - Number(b.file !== file) ||
      compare(a.file ?? '', b.file ?? '') ||
      compare(a.line ?? 0, b.line ?? 0) ||
      compare(a.column ?? 0, b.column ?? 0),
  )
