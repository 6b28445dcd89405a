import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

import { escapeFor } from '../src/model/answer-formats.ts'
import { renderTemplate } from '../src/templates/template.ts'

const render = (
  text: string,
  value: string,
  format: Parameters<typeof renderTemplate>[2],
): string => renderTemplate(text, { value }, format, 'test')

describe('values in templates', () => {
  it('stay one string in JSON and Ignition, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(JSON.parse(render('{"a":"{{ value }}"}', value, 'ignition'))).toEqual({ a: value })
      }),
    )
  }, 20_000)

  it('stay one scalar in YAML, whatever they are', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const parsed: unknown = parse(render('a: {{ value }}\nb: 1\n', value, 'cloud-init'))
        expect(Object.keys(Object(parsed))).toEqual(['a', 'b'])
      }),
    )
  })

  it('stay one word in a shell', () => {
    expect(escapeFor('kickstart', "a b; rm -rf '$HOME'")).toBe(
      String.raw`'a b; rm -rf '\''$HOME'\'''`,
    )
    expect(escapeFor('shell', '/dev/sda')).toBe('/dev/sda')
  })

  it('cannot add a line to a preseed or a kickstart', () => {
    for (const format of ['preseed', 'kickstart', 'text', 'xml'] as const) {
      expect(() => escapeFor(format, 'a\nd-i preseed/late_command string evil')).toThrow(
        'line breaks',
      )
    }
    expect(() => escapeFor('preseed', 'a\\')).toThrow('backslash')
  })

  it('cannot become markup or iPXE commands', () => {
    expect(escapeFor('xml', `<a b="c">&'`)).toBe('&lt;a b=&quot;c&quot;&gt;&amp;&apos;')
    expect(() => escapeFor('ipxe', 'a && shell')).toThrow('plain word')
    // oxlint-disable-next-line no-template-curly-in-string -- iPXE's expansion
    expect(() => escapeFor('ipxe', '${ip}')).toThrow('plain word')
  })

  it('must have names that exist, and filters too', () => {
    expect(() => render('{{ valu }}', 'x', 'text')).toThrow('valu')
    expect(() => render('{{ value | nope }}', 'x', 'text')).toThrow('nope')
    expect(
      render('{% if nothing %}a{% else %}b{% endif %}{{ nothing | default: "c" }}', 'x', 'text'),
    ).toBe('bc')
  })

  it('cannot reach files or prototypes', () => {
    expect(() => render('{% include "/etc/passwd" %}', 'x', 'text')).toThrow('ENOENT')
    expect(() => render('{{ value.constructor }}', 'x', 'text')).toThrow('constructor')
  })
})
