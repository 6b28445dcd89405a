import { describe, expect, it } from 'vitest'

import { GoTemplateError, parseGoTemplate, StringMap, type Data } from '../src/index.ts'

const DATA: Data = {
  s: 'abc',
  utf: 'é✓',
  n: 3,
  big: 1_000_000,
  list: ['a', 1, null],
  empty: [],
  m: { b: 2, a: 'x' },
  nil: null,
  yes: true,
  html: `<a href="x">&'`,
  request: { query: new StringMap(new Map([['mac', '52:54:00:12:34:56']])), raw_query: 'mac=…' },
}

const render = (text: string): string => parseGoTemplate('t', text).render(DATA).toString()

const errorOf = (work: () => unknown): GoTemplateError => {
  try {
    work()
  } catch (error) {
    if (error instanceof GoTemplateError) return error
    throw error
  }
  throw new Error('it did not fail')
}

/** Expected texts are what Debian's Go 1.19 printed for the same template. */
describe('what a template prints', () => {
  it.each([
    ['text without actions', 'plain } { text', 'plain } { text'],
    ['a field', '{{.s}}', 'abc'],
    ['numbers of JSON as Go prints floats', '{{.n}} {{.big}}', '3 1e+06'],
    ['null', '{{.nil}}', '<no value>'],
    ['null as an argument', '{{print .nil}}', '<nil>'],
    ['a list', '{{.list}}', '[a 1 <nil>]'],
    ['an object in the order of its keys', '{{.m}}', 'map[a:x b:2]'],
    ['fields of fields', '{{.m.a}}{{$.m.b}}', 'x2'],
    ['labels of a request', '{{.request.query.mac}}', '52:54:00:12:34:56'],
    ['variables', '{{$x := .s}}{{$x}}{{$x = 2}}{{$x}}', 'abc2'],
    ['pipelines', '{{.s | printf "%q" | len}}', '5'],
    ['if, else if and else', '{{if .nil}}1{{else if .empty}}2{{else}}3{{end}}', '3'],
    [
      'range over a list',
      '{{range $i, $e := .list}}{{$i}}={{$e}},{{end}}',
      '0=a,1=1,2=<no value>,',
    ],
    ['range over an object', '{{range $k, $v := .m}}{{$k}}={{$v}},{{end}}', 'a=x,b=2,'],
    ['range over nothing', '{{range .empty}}x{{else}}none{{end}}', 'none'],
    [
      'break and continue',
      '{{range $i, $e := .list}}{{if eq $i 0}}{{continue}}{{end}}{{.}}{{break}}{{end}}',
      '1',
    ],
    ['with and else', '{{with .m}}{{.a}}{{end}}{{with .empty}}x{{else}}{{.s}}{{end}}', 'xabc'],
    ['define and template', '{{define "d"}}<{{.}}>{{end}}{{template "d" .s}}', '<abc>'],
    ['block', '{{block "b" .m}}{{.a}}{{end}}', 'x'],
    ['trim markers', 'a \n {{- .s -}} \n b', 'aabcb'],
    ['comments', 'a{{/* {{ */}}b {{- /* x */ -}} c', 'abc'],
    ['raw strings and escapes', '{{`a\\b`}}{{"\\u00e9\\x41"}}', 'a\\béA'],
    ['lengths in bytes', '{{len .utf}}', '5'],
    ['index of a string as a byte', '{{index .s 1}}', '98'],
    [
      'index of lists and objects',
      '{{index .list 0}}{{index .m "a"}}{{index .m "zz"}}',
      'ax<no value>',
    ],
    ['slice', '{{slice .s 1 2}}{{slice .list 1}}', 'b[1 <nil>]'],
    ['comparisons', '{{eq .s "x" "abc"}}{{lt 1 2}}{{ge .n 3.0}}{{ne .s "x"}}', 'truetruetruetrue'],
    ['and, or and not', '{{and .s .n}}{{or .nil "d"}}{{not .empty}}', '3dtrue'],
    ['and that needs no more', '{{and false (index .list 99)}}', 'false'],
    ['html', '{{html .html}}', '&lt;a href=&#34;x&#34;&gt;&amp;&#39;'],
    ['js', '{{js .html}}', String.raw`\u003Ca href\u003D\"x\"\u003E\u0026\'`],
    ['urlquery', '{{urlquery "a b/é"}}', 'a+b%2F%C3%A9'],
    ['print and println', '{{print 1 2 "x" 3}}|{{println 1 "x"}}', '1 2x3|1 x\n'],
    [
      'printf',
      '{{printf "%05d|%-6s|%x|%t|%8.3f|%v" 42 "ab" "hi" true 3.14159 .m}}',
      '00042|ab    |6869|true|   3.142|map[a:x b:2]',
    ],
    [
      'printf with Go syntax',
      '{{printf "%#v %T" .list .m}}',
      '[]interface {}{"a", 1, interface {}(nil)} map[string]interface {}',
    ],
    [
      'printf that lacks something',
      '{{printf "%d %d" 1}}{{printf "%d" "x" 2}}',
      '1 %!d(MISSING)%!d(string=x)%!(EXTRA int=2)',
    ],
    ['halves to even', '{{printf "%.0f %.0f" 0.5 2.5}}', '0 2'],
    ['runes and complex numbers', "{{'a'}} {{1i}}", '97 (0+1i)'],
  ])('is right for %s', (_what, text, printed) => {
    expect(render(text)).toBe(printed)
  })

  it('is bytes, whatever they are', () => {
    const template = parseGoTemplate('t', Buffer.from([0xff, 0x7b, 0x7b, 0x2e, 0x73, 0x7d, 0x7d]))
    expect(template.render(DATA)).toEqual(Buffer.from([0xff, 0x61, 0x62, 0x63]))
  })
})

describe('what Go says of a wrong template', () => {
  it.each([
    ['{{', 'template: t:1: unclosed action'],
    ['a\n{{if .x}}', 'template: t:2: unexpected EOF'],
    ['{{.a', 'template: t:1: unclosed action'],
    ['{{end}}', 'template: t:1: unexpected {{end}}'],
    ['{{nosuch 1}}', 'template: t:1: function "nosuch" not defined'],
    ['{{$x}}', 'template: t:1: undefined variable "$x"'],
    ['{{break}}', 'template: t:1: {{break}} outside {{range}}'],
    ['{{with .a}}{{else with .b}}{{end}}', 'template: t:1: unexpected <with> in else'],
    ['{{1 | 2}}', 'template: t:1: non executable command in pipeline stage 2'],
    ['{{"a}}', 'template: t:1: unterminated quoted string'],
    ['{{/* a', 'template: t:1: unclosed comment'],
  ])('is said of %j', (text, message) => {
    const error = errorOf(() => parseGoTemplate('t', text))
    expect([error.code, error.message]).toEqual(['ERR_GO_TEMPLATE_PARSE', message])
  })

  it.each([
    ['{{.zz}}', 'at <.zz>: map has no entry for key "zz"'],
    ['{{.nil.x}}', 'at <.nil.x>: nil pointer evaluating interface {}.x'],
    ['{{.s.x}}', "at <.s.x>: can't evaluate field x in type interface {}"],
    ['{{eq .n 3}}', 'at <eq .n 3>: error calling eq: incompatible types for comparison'],
    ['{{index .list 9}}', 'at <index .list 9>: error calling index: index out of range: 9'],
    ['{{range .s}}{{end}}', "at <.s>: range can't iterate over abc"],
    ['{{range 3}}{{end}}', "at <3>: range can't iterate over 3"],
    ['{{printf 1}}', 'at <1>: expected string; found 1'],
    ['{{not}}', 'at <not>: wrong number of args for not: want 1 got 0'],
    ['{{nil}}', 'at <nil>: nil is not a command'],
    ['{{template "x"}}', 'at <{{template "x"}}>: template "x" not defined'],
    ['{{call .s}}', 'at <call .s>: error calling call: non-function of type string'],
  ])('is said of %j when it runs', (text, message) => {
    const error = errorOf(() => render(text))
    expect(error.code).toBe('ERR_GO_TEMPLATE_RUN')
    expect(error.message.replace(/^template: t:1:\d+: executing "t" /, '')).toBe(message)
  })

  it('names line and byte', () => {
    const { message } = errorOf(() => render('é\n  {{.zz}}'))
    expect(message).toBe('template: t:2:4: executing "t" at <.zz>: map has no entry for key "zz"')
  })
})

const loops = (depth: number): string =>
  '{{range $.many}}'.repeat(depth) + 'x' + '{{end}}'.repeat(depth)

describe('a template that asks for too much', () => {
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`k${i}`, i]))

  it.each([
    ['calls itself for ever', '{{define "a"}}{{template "a"}}{{end}}{{template "a"}}', /depth/],
    ['loops in loops', loops(5), /steps/],
    [
      'doubles a text',
      `{{$x := "0123456789"}}${'{{$x = printf "%s%s" $x $x}}'.repeat(40)}`,
      /bytes/,
    ],
    ['pads without end', `{{printf "${'%1000000d'.repeat(30)}"${' 1'.repeat(30)}}}`, /bytes/],
    [
      'escapes what is long',
      `{{$x := printf "%4000000d" 1}}{{html (printf "%900000s%900000s" "<" "<") | html | len}}${'{{$y := printf "%900000s" "<"}}'.repeat(90)}`,
      /steps/,
    ],
  ])('ends where it %s', (_what, text, message) => {
    const error = errorOf(() => parseGoTemplate('t', text).render({ many }))
    expect([error.code, error.message]).toEqual([
      'ERR_GO_TEMPLATE_LIMIT',
      expect.stringMatching(message),
    ])
  })

  it.each([
    ['parentheses', `{{${'('.repeat(50_000)}`],
    ['actions', '{{if true}}'.repeat(50_000)],
    ['else if', `{{if true}}${'{{else if true}}'.repeat(50_000)}`],
  ])('ends where %s are nested too deeply', (_what, text) => {
    expect(errorOf(() => parseGoTemplate('t', text)).code).toBe('ERR_GO_TEMPLATE_LIMIT')
  })

  it('keeps to bounds that are given', () => {
    const template = parseGoTemplate('t', '{{.s}}{{.s}}', { outputBytes: 5 })
    expect(errorOf(() => template.render({ s: 'abc' })).code).toBe('ERR_GO_TEMPLATE_LIMIT')
  })
})
