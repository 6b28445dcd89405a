import { randomInt } from 'node:crypto'

import type { Value } from '../formats/syntax.ts'

/** JSON that a template asked for: no text of its own. */
export class JsonText {
  readonly #text: string

  constructor(value: unknown) {
    this.#text = JSON.stringify(value) ?? 'null'
  }

  toString(): string {
    return this.#text
  }
}

/** All marks of one rendering are of one length, so that places can be counted. */
const INDEX_DIGITS = 7

/** What a template made, cut where it printed values. */
export interface Cut {
  /** One more than there are values. */
  readonly texts: readonly string[]
  readonly values: readonly Value[]
}

/**
 * Marks that stand for values while a template is rendered: how a value must be written depends on what stands before it,
 * and that is known when all is rendered. A mark holds a random number, so that no value can pretend to be one.
 */
export class Marks {
  /** Digits: no filter for letters changes them. */
  readonly #number = String(randomInt(10 ** 11, 10 ** 12))
  readonly #begin = `\uE000${this.#number}.`
  readonly #pattern = new RegExp(`\uE000${this.#number}[.](\\d+)\uE001`, 'g')
  readonly #values: Value[] = []

  /** What is printed instead of a value. */
  mark(value: unknown): string {
    const i = this.#values.push(this.#valueOf(value)) - 1
    return `${this.#begin}${String(i).padStart(INDEX_DIGITS, '0')}\uE001`
  }

  #valueOf(value: unknown): Value {
    if (value === null || value === undefined) return { text: '', isData: false }
    // What was captured holds marks itself: it is a text made of those values.
    if (typeof value === 'string') {
      const text = value.replaceAll(
        this.#pattern,
        (_mark, i: string) => this.#values[Number(i)]!.text,
      )
      return { text: this.#whole(text), isData: false }
    }
    const text = value instanceof JsonText ? String(value) : (JSON.stringify(value) ?? '')
    return { text, isData: text !== '' }
  }

  /** @throws {Error} a filter cut a captured text in the middle of a mark */
  #whole(text: string): string {
    if (!text.includes(this.#number)) return text
    throw new Error('a captured text is cut in the middle of a value; cut the value before')
  }

  /** @throws {Error} as above */
  cut(rendered: string): Cut {
    const values: Value[] = []
    const texts: string[] = []
    let from = 0
    for (const { 0: mark, 1: i, index } of rendered.matchAll(this.#pattern)) {
      texts.push(this.#whole(rendered.slice(from, index)))
      values.push(this.#values[Number(i)]!)
      from = index + mark.length
    }
    return { texts: [...texts, this.#whole(rendered.slice(from))], values }
  }
}
