import type { Data } from '../src/index.ts'
import { randomFrom } from './random.ts'

/** What a template is asked with. */
export interface Case {
  readonly text: string
  readonly data: Readonly<Record<string, Data>>
}

/** Keys that the data may have; some templates ask for others. */
const KEYS = ['a', 'b', 'list', 'm', 's', 'n', 'nil', 't', 'f', 'empty', 'Ünï', 'x_1']
const STRINGS = [
  '',
  'abc',
  'é✓',
  '<a href="x">&\'',
  'a b+c/d?e=f',
  'line\nnext\ttab',
  '100%',
  '\u0000\u007f',
  '日本語',
  'x\\y',
  '\u{1f600}',
]
const NUMBERS = [
  0, 1, -1, 3, 2.5, 1e6, 123456789, 1e21, 1e-7, 0.1, -2.5, 0.5, 255, 1.5e300, 1234567890123456800,
  5e-324, 65,
]
const VERBS = 'vdsqxXtTgGeEfFbcoUOpwz%'
const BINARY = ['eq', 'ne', 'lt', 'le', 'gt', 'ge']
const ANY = [
  'print',
  'println',
  'html',
  'js',
  'urlquery',
  'index',
  'slice',
  'and',
  'or',
  'call',
  'eq',
]

/** Templates by chance, most of which parse: each rule calls others, less and less deep. */
export class Templates {
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = randomFrom(seed)
  }

  #upTo(count: number): number {
    return Math.floor(this.#random() * count)
  }

  #chance(share: number): boolean {
    return this.#random() < share
  }

  #one<T>(choices: readonly T[]): T {
    const choice = choices[this.#upTo(choices.length)]
    if (choice === undefined) throw new RangeError('nothing to choose from')
    return choice
  }

  #many(most: number, make: () => string, between = ''): string {
    return Array.from({ length: this.#upTo(most + 1) }, make).join(between)
  }

  #value(depth: number): Data {
    const kind = this.#upTo(depth > 0 ? 8 : 5)
    if (kind < 2) return this.#one(STRINGS)
    if (kind === 2) return this.#one(NUMBERS)
    if (kind === 3) return this.#chance(0.5)
    if (kind === 4) return this.#chance(0.3) ? null : this.#one(NUMBERS)
    if (kind < 7) return Array.from({ length: this.#upTo(5) }, () => this.#value(depth - 1))
    return this.#object(depth - 1)
  }

  #object(depth: number): Record<string, Data> {
    return Object.fromEntries(
      KEYS.filter(() => this.#chance(0.5)).map((key) => [key, this.#value(depth)]),
    )
  }

  #data(): Record<string, Data> {
    return {
      ...this.#object(2),
      ...(this.#chance(0.9) && {
        list: Array.from({ length: this.#upTo(6) }, () => this.#value(1)),
        m: this.#object(1),
        s: this.#one(STRINGS),
        n: this.#one(NUMBERS),
        t: true,
        nil: null,
      }),
    }
  }

  #format(): string {
    const directive = (): string => {
      const flags = this.#many(3, () => this.#one('+-# 0'.split('')))
      const index = this.#chance(0.08)
        ? this.#one(['[1]', '[2]', '[3]', '[x]', '[', '[0]', '[9]'])
        : ''
      const width = this.#chance(0.35) ? this.#one(['1', '5', '12', '*', '0', '30']) : ''
      const precision = this.#chance(0.35)
        ? this.#one(['.', '.0', '.1', '.3', '.10', '.*', '.20'])
        : ''
      return `%${flags}${index}${width}${precision}${this.#one(VERBS.split(''))}`
    }
    const piece = (): string => (this.#chance(0.7) ? directive() : this.#one(['x', ' ', 'é', ',']))
    const format = this.#many(4, piece) + (this.#chance(0.03) ? '%' : '')
    return JSON.stringify(format)
  }

  #number(): string {
    return this.#one([
      '0',
      '1',
      '2',
      '3',
      '-1',
      '+4',
      '1.0',
      '2.5',
      '-2.5',
      '1e3',
      '1e+06',
      "'a'",
      "'\\n'",
      "'é'",
      '0x1F',
      '017',
      '0o17',
      '0b101',
      '1_000',
      '.5',
      '5.',
      '100',
      '1e',
      '9223372036854775807',
      '9223372036854775808',
      '0x',
      '1i',
      '1+2i',
      '0x1p4',
      '1_',
      "'ab'",
      '08',
      '0.1e-5',
    ])
  }

  #string(): string {
    const text = this.#one(STRINGS)
    if (this.#chance(0.3) && !text.includes('`')) return `\`${text}\``
    return this.#chance(0.05)
      ? this.#one(['"\\x41\\101\\u00e9"', '"\\q"', '"\\U0001F600"', '"open', '"\\377"', '"\\400"'])
      : JSON.stringify(text)
  }

  #field(): string {
    const names = Array.from({ length: 1 + this.#upTo(this.#chance(0.3) ? 3 : 1) }, () =>
      this.#chance(0.02)
        ? this.#one(['zz', '9', 'request.query.mac', 'request.raw_query', 'request'])
        : this.#one(KEYS),
    )
    return `.${names.join('.')}`
  }

  #term(depth: number): string {
    switch (this.#upTo(depth > 0 ? 12 : 9)) {
      case 0:
        return this.#number()
      case 1:
      case 2:
        return this.#string()
      case 3:
      case 4:
      case 5:
        return this.#field()
      case 6:
        return this.#one(['.', '$', '$.s', '$x', '$y', '$.m.a', '$.list'])
      case 7:
        return this.#one(['true', 'false', 'nil', '.list', '.m', '.n', '.s'])
      case 8:
        return this.#one(['.list', '.m', '.n', '.s', '1', '0', '2'])
      case 9:
        return `(${this.#pipe(depth - 1)})${this.#chance(0.2) ? this.#field() : ''}`
      default:
        return `(${this.#call(depth - 1)})`
    }
  }

  #call(depth: number): string {
    const terms = (most: number): string => this.#many(most, () => ` ${this.#term(depth)}`)
    switch (this.#upTo(7)) {
      case 0:
      case 1:
        return `printf ${this.#chance(0.95) ? this.#format() : this.#term(depth)}${terms(3)}`
      case 2:
        return `${this.#one(BINARY)} ${this.#term(depth)} ${this.#term(depth)}${this.#chance(0.1) ? terms(2) : ''}`
      case 3:
        return `${this.#one(['not', 'len'])} ${this.#term(depth)}`
      case 4:
        return `${this.#one(['index', 'slice'])} ${this.#one(['.list', '.s', '.m', '"abc"', this.#term(depth)])}${terms(3)}`
      case 5:
        return `${this.#one(['and', 'or'])} ${this.#term(depth)}${terms(3)}`
      default:
        return `${this.#one(ANY)}${terms(3)}`
    }
  }

  #pipe(depth: number): string {
    const command = (): string => (this.#chance(0.5) ? this.#call(depth) : this.#term(depth))
    const stages = [command()]
    while (this.#chance(0.2))
      stages.push(
        this.#chance(0.9)
          ? this.#one([
              'len',
              'html',
              'js',
              'urlquery',
              'print',
              'printf "%v"',
              'not',
              'printf "%q"',
              'eq 1',
              'index .list',
            ])
          : command(),
      )
    return stages.join(this.#one([' | ', '|']))
  }

  #tag(inner: string): string {
    const left = this.#chance(0.15) ? '{{- ' : this.#one(['{{', '{{ '])
    const right = this.#chance(0.15) ? ' -}}' : this.#one(['}}', ' }}'])
    return left + inner + right
  }

  #nodes(depth: number): string {
    return this.#many(4, () => this.#node(depth))
  }

  #node(depth: number): string {
    const kind = this.#upTo(depth > 0 ? 20 : 12)
    const otherwise = (): string =>
      this.#chance(0.4) ? this.#tag('else') + this.#nodes(depth - 1) : ''
    const end = (): string => (this.#chance(0.995) ? this.#tag('end') : '')
    if (kind < 4) return this.#one(['text', ' \n', '\n  x\n', '} {', 'é', '%d', '{ {', ' '])
    if (kind < 9) return this.#tag(this.#pipe(2))
    if (kind === 9)
      return this.#tag(`${this.#one(['$x :=', '$y :=', '$x =', '$x:='])} ${this.#pipe(1)}`)
    if (kind === 10)
      return this.#tag(this.#one(['/* note */', '/* {{ */', 'break', 'continue', '$x', '$y']))
    if (kind === 11)
      return this.#tag(
        `template ${this.#one(['"in"', '"other"', '`in`'])}${this.#chance(0.6) ? ` ${this.#term(1)}` : ''}`,
      )
    if (kind < 14) {
      const elseIf = this.#chance(0.3)
        ? this.#tag(`else if ${this.#pipe(1)}`) + this.#nodes(depth - 1)
        : ''
      return (
        this.#tag(`if ${this.#pipe(1)}`) + this.#nodes(depth - 1) + elseIf + otherwise() + end()
      )
    }
    if (kind < 16) {
      const declare = this.#chance(0.3) ? '$x := ' : ''
      return (
        this.#tag(`with ${declare}${this.#pipe(1)}`) + this.#nodes(depth - 1) + otherwise() + end()
      )
    }
    if (kind === 16)
      return (
        this.#tag(`block "${this.#one(['in', 'blk'])}" ${this.#term(1)}`) +
        this.#nodes(depth - 1) +
        end()
      )
    const declare = this.#one(['', '', '$x := ', '$y, $x := ', '$x, $y = '])
    const over = this.#chance(0.7)
      ? this.#one(['.list', '.m', '$.list', '$.m', '.request.query'])
      : this.#pipe(1)
    const loop = this.#chance(0.2)
      ? this.#tag(`if ${this.#term(0)}`) +
        this.#tag(this.#one(['break', 'continue'])) +
        this.#tag('end')
      : ''
    return (
      this.#tag(`range ${declare}${over}`) + this.#nodes(depth - 1) + loop + otherwise() + end()
    )
  }

  /** Changes a character, so that errors of every kind come. */
  #broken(text: string): string {
    const at = this.#upTo(text.length)
    return (
      text.slice(0, at) +
      this.#one([
        '',
        '{{',
        '}}',
        '"',
        '(',
        ')',
        '|',
        '.',
        '$',
        ',',
        ' ',
        '-',
        '\\',
        ':=',
        '#',
        '\u00a0',
      ]) +
      text.slice(at + this.#upTo(2))
    )
  }

  next(): Case {
    const defines = this.#chance(0.5)
      ? this.#tag('define "in"') + this.#nodes(2) + this.#tag('end')
      : ''
    const declared = this.#chance(0.6) ? '{{$x := 1}}{{$y := .s}}' : ''
    const text = defines + declared + this.#nodes(3)
    return { text: this.#chance(0.1) ? this.#broken(text) : text, data: this.#data() }
  }
}
