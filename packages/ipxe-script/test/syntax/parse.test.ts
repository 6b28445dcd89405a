import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { caret, createLocator, format, parse, print } from '../../src/syntax/index.ts'

const anyScript = fc
  .array(
    fc.constantFrom(
      '#!ipxe\n',
      'echo',
      ' ',
      '\t',
      '\n',
      '\r\n',
      '\\',
      '\\\n',
      '\\\r\n',
      '\0',
      '||',
      '&&',
      ';',
      '#',
      ':',
      ':a',
      '${',
      '}',
      'goto a',
      '\v',
      '\f',
      '\r',
      'é',
      '\u{feff}',
    ),
  )
  .map((parts) => parts.join(''))

const words = (text: string) =>
  parse(text, { magic: false }).lines.map((line) => ({
    ...(line.label && { label: line.label.text }),
    segments: line.segments.map((segment) => [
      ...segment.words.map((word) => word.text),
      ...(segment.operator ? [segment.operator.text] : []),
    ]),
    ...(line.comment && { comment: line.comment.text }),
  }))

describe('parse', () => {
  it('prints any text back byte for byte (3,000 random texts)', () => {
    fc.assert(
      fc.property(fc.oneof(anyScript, fc.string(), fc.string({ unit: 'binary' })), (text) => {
        expect(print(parse(text))).toBe(text)
      }),
      { numRuns: 3000 },
    )
  }, 30_000)

  it('gives every word its place, exactly where no continuation is inside it', () => {
    fc.assert(
      fc.property(anyScript, (text) => {
        const at = createLocator(text)
        for (const line of parse(text).lines)
          for (const word of line.segments.flatMap((segment) => segment.words)) {
            const source = text.slice(word.start, word.end)
            // A word that goes on over a continuation has its span round that.
            expect(source.includes('\n') ? word.text : source).toBe(word.text)
            expect(at(word.start)).toEqual({
              offset: word.start,
              line: word.line,
              column: word.column,
            })
          }
      }),
    )
  })

  it('splits commands at operators that stand alone and at nothing else', () => {
    expect(words('a b || c;d && x||y | z\n')).toEqual([
      {
        segments: [
          ['a', 'b', '||'],
          ['c;d', '&&'],
          ['x||y', '|', 'z'],
        ],
      },
    ])
  })

  it('ends a line at a word that begins with #, and keeps a # inside a word', () => {
    expect(words('a foo#bar #c || d')).toEqual([
      { segments: [['a', 'foo#bar']], comment: '#c || d' },
    ])
  })

  it('takes an indented label that carries a command', () => {
    expect(words('  :end echo done\n: foo\n:\n:a#b')).toEqual([
      { label: 'end', segments: [['echo', 'done']] },
      { label: '', segments: [['foo']] },
      { label: '', segments: [] },
      { label: 'a#b', segments: [] },
    ])
  })

  it('joins continuations without a separator, before comments and labels are looked at', () => {
    expect(words('# a \\\nfoo\n:x\\\ny\nfoo\\\r\nbar')).toEqual([
      { segments: [], comment: '# a foo' },
      { label: 'xy', segments: [] },
      { segments: [['foobar']] },
    ])
  })

  it('looks for the backslash at the end of the joined text, so two of them reach over an empty line', () => {
    expect(words('foo\\\\\n\nbar')).toEqual([{ segments: [['foobar']] }])
  })

  it('strips one carriage return a line and keeps any other', () => {
    expect(parse('a\r\r\n', { magic: false }).lines[0]?.text).toBe('a\r')
  })

  it('cuts a line at a NUL and reports it', () => {
    const script = parse('#!ipxe\necho a\0b || c\necho d')
    expect(script.lines[1]?.text).toBe('echo a')
    expect(script.errors).toMatchObject([
      { code: 'ERR_IPXE_NUL', line: 2, column: 7, start: 13, end: 14 },
    ])
  })

  it('reports a text that iPXE does not take for a script', () => {
    for (const text of ['', '#!ipxe', '\u{feff}#!ipxe\n', '\n#!ipxe\n', '#!ipxefoo\n'])
      expect(parse(text).errors).toMatchObject([{ code: 'ERR_IPXE_MAGIC' }])
    for (const text of ['#!ipxe\n', '#!gpxe ', '#!ipxe\r\n', '#!ipxe\tfoo'])
      expect(parse(text).errors).toEqual([])
  })

  it('reports a continuation on the last line, which iPXE does not run', () => {
    const script = parse('#!ipxe\necho a\\\n')
    expect(script.lines[1]?.dangling).toBe(true)
    expect(script.errors).toMatchObject([{ code: 'ERR_IPXE_CONTINUATION', line: 2, column: 7 }])
  })
})

/** What a text makes iPXE do, without places; a final `\\` may have got its `${}` guard. */
const meaning = (text: string) =>
  parse(text, { magic: false })
    .lines.filter((line) => line.label || line.segments.length > 0 || line.dangling)
    .map((line) => [
      line.label?.text,
      line.segments.map((s) => [
        s.words.map((w) => w.text.replace(/\\\$\{\}$/, '\\')),
        s.operator?.text,
      ]),
    ])

describe('format', () => {
  it('settles at once, and keeps labels, words and operators', () => {
    fc.assert(
      fc.property(anyScript, (text) => {
        const formatted = format(parse(text))
        expect(format(parse(formatted))).toBe(formatted)
        expect(meaning(formatted)).toEqual(meaning(text))
      }),
      { numRuns: 2000 },
    )
  }, 30_000)

  it('joins, trims and ends every line alike', () => {
    expect(format(parse('#!ipxe\r\n\r\n\r\n  :a   echo \t b  # c \r\nset x \\\r\n  y'))).toBe(
      '#!ipxe\n\n:a echo b # c\nset x y\n',
    )
  })
})

describe('caret', () => {
  it('draws carets under the span', () => {
    const text = '#!ipxe\n\tgoto a | b\n'
    expect(caret(text, { start: 15, end: 16 })).toBe(' goto a | b\n        ^')
  })

  it('shortens a long line round the span', () => {
    const drawn = caret(`${'x'.repeat(5000)} bad ${'y'.repeat(5000)}`, { start: 5001, end: 5004 })
    const [line, marks] = drawn.split('\n')
    expect(line?.length).toBe(100)
    expect(line?.slice(marks?.indexOf('^'), marks?.length)).toBe('bad')
  })
})
