import type { AnswerFormat } from '../model/answer-formats.ts'
import { messageOf } from '../model/errors.ts'
import type { ConfigHost, Findings, Path } from '../model/issues.ts'
import { MAX_TEMPLATE_BYTES } from '../model/limits.ts'
import { assetPath, isUrl, servedPath } from '../model/paths.ts'
import { templateProblems, type TemplateProblem } from '../templates/problems.ts'

/** A template's problem, at its place in the template's own file where it has one. */
export const addTemplateProblem = (
  findings: Findings,
  { message, line, column }: TemplateProblem,
  path: Path,
  file: string | undefined,
): void => {
  if (file !== undefined) findings.add('template', path, message, { file, line, column })
  else if (line === 1) findings.add('template', path, message)
  else findings.add('template', path, `line ${line} of this text: ${message}`)
}

/** Why a file cannot be had. */
export const missing = (host: ConfigHost, file: string): string =>
  host.isFolder(file) ? `${file} is a folder, not a file` : `there is no file ${file}`

/** Nobody can say what lies below the assets: their folder has been reported already. */
export const UNKNOWN_ASSETS: unique symbol = Symbol('unknown assets')

export type AssetsFolder = string | typeof UNKNOWN_ASSETS | undefined

/** The files that a configuration names: read and checked when it is loaded, not when a machine asks at night. */
export class ConfigFiles {
  /** What was read; a change of these is a change of the configuration. */
  readonly read: string[] = []
  readonly #assets: AssetsFolder
  readonly #host: ConfigHost
  readonly #findings: Findings

  constructor(assets: AssetsFolder, host: ConfigHost, findings: Findings) {
    this.#assets = assets
    this.#host = host
    this.#findings = findings
  }

  /** Changes when the file does; empty where there is none. */
  version(file: string): string {
    return this.#host.isFile(file) ? this.#host.version(file) : ''
  }

  /** Text of a file, by its path as the configuration has it. */
  text(given: string, path: Path): { readonly file: string; readonly text: string } {
    const file = this.#host.resolve(given)
    return { file, text: this.#read(file, path) }
  }

  /** A template's text, which must parse. */
  template(
    given: string,
    format: AnswerFormat,
    path: Path,
  ): { readonly file: string; readonly text: string } {
    const found = this.text(given, path)
    this.parses(found.text, format, path, found.file)
    return found
  }

  /** An iPXE script, which is a template. */
  script(given: string, path: Path): { readonly file: string; readonly text: string } {
    const found = this.template(given, 'ipxe', path)
    const { file, text } = found
    if (text !== '' && !text.startsWith('#!ipxe') && !text.startsWith('{')) {
      const why = 'an iPXE script begins with "#!ipxe"; iPXE takes no other text for one'
      this.#findings.add('script', path, why, { file, line: 1, column: 1 })
    }
    return found
  }

  /** Finds out whether a template parses; without a file it stands in the configuration itself. */
  parses(text: string, format: AnswerFormat, path: Path, file?: string): void {
    for (const problem of templateProblems(text, format))
      addTemplateProblem(this.#findings, problem, path, file)
  }

  /** A boot file below the assets must be there; of a URL, and of a name made by a template, nothing can be said. */
  asset(name: string, path: Path): void {
    if (isUrl(name) || name.includes('{{')) return
    const seen = JSON.stringify(name)
    if (this.#assets === undefined) {
      this.#findings.add('no-assets', path, `${seen} is a path below \`assets\`, which is not set`)
      return
    }
    const relative = assetPath(name)
    if (relative === undefined) {
      this.#findings.add('bad-path', path, `${seen} leaves the assets folder`)
      return
    }
    if (servedPath(name) === undefined) {
      const why = `${seen} is a name that is never sent: it begins with a dot, or is what an editor leaves behind`
      this.#findings.add('bad-path', path, why)
      return
    }
    if (this.#assets === UNKNOWN_ASSETS) return
    const file = `${this.#assets}/${relative}`
    if (!this.#host.isFile(file)) this.#findings.add('no-file', path, missing(this.#host, file))
  }

  #read(file: string, path: Path): string {
    if (!this.#host.isFile(file)) {
      this.#findings.add('no-file', path, missing(this.#host, file))
      return ''
    }
    this.read.push(file)
    try {
      const text = this.#host.readText(file)
      if (text.length <= MAX_TEMPLATE_BYTES) return text
      const why = `${file} has ${text.length} bytes; at most ${MAX_TEMPLATE_BYTES} are allowed`
      this.#findings.add('too-large', path, why)
    } catch (error) {
      this.#findings.add('no-file', path, `cannot read ${file}: ${messageOf(error)}`)
    }
    return ''
  }
}
