import { assetPath, isUrl } from '../decide/paths.ts'
import { messageOf } from '../errors.ts'
import { templateProblem } from '../render/template.ts'
import type { ConfigHost, Findings } from './issues.ts'
import { MAX_TEMPLATE_BYTES } from './limits.ts'
import type { AnswerFormat } from './types.ts'

type Path = readonly (string | number)[]

/** The files that a configuration names: read and checked when it is loaded, not when a machine asks at night. */
export class ConfigFiles {
  /** What was read; a change of these is a change of the configuration. */
  readonly read: string[] = []
  readonly #assets: string | undefined
  readonly #host: ConfigHost
  readonly #findings: Findings

  constructor(assets: string | undefined, host: ConfigHost, findings: Findings) {
    this.#assets = assets
    this.#host = host
    this.#findings = findings
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
    this.parses(found.text, format, found.file, path)
    return found
  }

  parses(text: string, format: AnswerFormat, what: string, path: Path): void {
    const problem = templateProblem(text, format)
    if (problem !== undefined) this.#findings.add('template', path, `${what}: ${problem}`)
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
    const file = `${this.#host.resolve(this.#assets)}/${relative}`
    if (!this.#host.isFile(file)) this.#findings.add('no-file', path, `there is no file ${file}`)
  }

  #read(file: string, path: Path): string {
    if (!this.#host.isFile(file)) {
      this.#findings.add('no-file', path, `there is no file ${file}`)
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
