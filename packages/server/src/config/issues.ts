import type { ConfigIssue } from './types.ts'

type Path = readonly (string | number)[]

/** A finding before its place in the file is known. */
export type Finding = Pick<ConfigIssue, 'code' | 'message' | 'path'> & { readonly key?: string }

/** Collects every finding, so that a person corrects a file once. */
export class Findings {
  readonly all: Finding[] = []

  add(code: string, path: Path, message: string): void {
    this.all.push({ code, path, message })
  }
}

/** What loading needs of the host; tests hand in a map. */
export interface ConfigHost {
  /** Absolute path of a file that the configuration names. */
  resolve(path: string): string
  readText(path: string): string
  isFile(path: string): boolean
  isFolder(path: string): boolean
  /** Changes when the file does. */
  version(path: string): string
  readonly env: Readonly<Record<string, string | undefined>>
}
