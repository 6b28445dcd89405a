import { spawnSync } from 'node:child_process'

import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'

import type { AnswerFormat } from '../../src/model/answer-formats.ts'
import { renderTemplate } from '../../src/templates/template.ts'

const render = (text: string, value: unknown, format: AnswerFormat): string =>
  renderTemplate(text, { value }, format, 'test')

/** What a real shell prints. */
const printedBy = (script: string): string =>
  spawnSync('sh', ['-s'], { input: script, encoding: 'utf8' }).stdout

const SPECIAL = Array.from(`'"\\$\`!#;&|()<>{}*?~ a%=[]`)

const texts = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom(...SPECIAL) }),
  fc.constantFrom(
    '$6$salt$digest',
    "it's",
    'a "b" c',
    '$(reboot)',
    '`reboot`',
    '\\',
    'a\\',
    '-n',
    'no',
    '52:54:00:12:34:56',
  ),
)
// oxlint-disable-next-line no-control-regex -- leaving them out is the purpose
const oneLine = texts.filter((text) => !/[\u0000-\u001F\u007F-\u009F\u2028\u2029]/.test(text))

const SHELL_PLACES: readonly (readonly [string, string])[] = [
  ['as a word', `printf '%s' {{ value }}\n`],
  ['between double quotes', `printf '%s' "{{ value }}"\n`],
  ['between single quotes', `printf '%s' '{{ value }}'\n`],
  ['in a word', `printf '%s' x={{ value }} | tail -c +3\n`],
  [
    'in a substitution between double quotes',
    `printf '%s' "$(printf '%s.' '{{ value }}')" | head -c -1\n`,
  ],
  ['as a default', `printf '%s' "\${NOT_SET:-{{ value }}}"\n`],
  ['after a comment with an apostrophe', `# don't\nprintf '%s' {{ value }}\n`],
  ['in a here-document', `cat <<EOF | head -c -1\n{{ value }}\nEOF\n`],
  ['in a here-document of a quoted word', `cat <<'EOF' | head -c -1\n{{ value }}\nEOF\n`],
  [
    'after two here-documents',
    `cat >/dev/null <<A <<-'B'\n'"\nA\n\t$( "\n\tB\nprintf '%s' "{{ value }}"\n`,
  ],
]

describe('a value in a shell script', () => {
  it.each(SHELL_PLACES)('is what it was, to a real shell: %s', (_where, template) => {
    fc.assert(
      fc.property(
        oneLine.filter((text) => text !== ''),
        (value) => {
          expect(printedBy(render(template, value, 'shell'))).toBe(value)
        },
      ),
      { numRuns: 20 },
    )
  })

  it('may have lines in a here-document, but not the one that ends it', () => {
    const template = 'cat <<EOF\n{{ value }}\nEOF\n'
    expect(printedBy(render(template, 'ssh-rsa A\nssh-rsa B', 'shell'))).toBe(
      'ssh-rsa A\nssh-rsa B\n',
    )
    expect(() => render(template, 'a\nEOF\nreboot', 'shell')).toThrow(
      'would end the here-document "EOF"',
    )
  })

  it('is refused where a shell reads twice, or reads no text', () => {
    expect(() => render('a=`echo {{ value }}`', 'a b', 'shell')).toThrow('write $(…) instead')
    expect(() => render('a=$((1 + {{ value }}))', 'x y', 'shell')).toThrow('no number')
    expect(render('a=$((1 << {{ value }})); echo {{ value }}', '4', 'shell')).toContain('<< 4')
  })

  it('must be plain words in a script of another language', () => {
    const python = `#!/usr/bin/python3\nprint("{{ value }}")\n`
    expect(render(python, 'web 1', 'shell')).toContain('"web 1"')
    expect(() => render(python, 'a"b', 'shell')).toThrow('how its language quotes is not known')
    expect(
      renderTemplate(python.replace('value', 'value | raw'), { value: 'a"b' }, 'shell', 'x'),
    ).toContain('a"b')
  })
})

describe('a value in a kickstart', () => {
  it('gets no quotes beside those that are there', () => {
    const ks =
      'sshkey --username=root "{{ value }}"\nuser --password=\'{{ value }}\'\nuser --gecos={{ value }}\n'
    expect(render(ks, 'ssh-ed25519 A b', 'kickstart')).toBe(
      "sshkey --username=root \"ssh-ed25519 A b\"\nuser --password='ssh-ed25519 A b'\nuser --gecos='ssh-ed25519 A b'\n",
    )
  })

  it('keeps its dollar signs in a command, where nothing expands, and in a script, where much does', () => {
    const ks = 'rootpw "{{ value }}"\n%post\necho "{{ value }}"\n%end\nuser --name="{{ value }}"\n'
    expect(render(ks, '$6$salt', 'kickstart')).toBe(
      'rootpw "$6$salt"\n%post\necho "\\$6\\$salt"\n%end\nuser --name="$6$salt"\n',
    )
  })

  it('stands as it is in a list of packages, and is plain in a script of Python', () => {
    expect(render('%packages\n{{ value }}\n%end\n', '@^server product', 'kickstart')).toContain(
      '\n@^server product\n',
    )
    const python = '%pre --interpreter=/usr/bin/python3\nx = "{{ value }}"\n%end\n'
    expect(() => render(python, '"', 'kickstart')).toThrow('no shell script')
  })

  it('cannot add a line', () => {
    for (const text of [
      'user {{ value }}\n',
      'user "{{ value }}"\n',
      '# {{ value }}\n',
      '%packages\n{{ value }}\n%end\n',
    ])
      expect(() => render(text, 'a\nrootpw x', 'kickstart')).toThrow('line breaks')
  })
})

describe('a value in a preseed', () => {
  it('is the rest of its line, as it is', () => {
    expect(
      render('d-i passwd/user-password-crypted password {{ value }}\n', '$6$a b', 'preseed'),
    ).toContain('$6$a b\n')
  })

  it.each([
    ['{{ value }}'],
    ['"{{ value }}"'],
    ["'{{ value }}'"],
    [`"$(printf '%s.' {{ value }})"`],
  ])('is a word of the shell in a command: %s', (place) => {
    fc.assert(
      fc.property(
        oneLine.filter((text) => text !== '' && !text.endsWith('\\')),
        (value) => {
          const line = render(
            `d-i preseed/late_command string \\\n  : ; printf '%s' ${place}\n`,
            value,
            'preseed',
          )
          const command = line.replaceAll('\\\n', ' ').replace(/^d-i \S+ string /, '')
          expect(printedBy(command)).toBe(place.includes('$(') ? `${value}.` : value)
        },
      ),
      { numRuns: 20 },
    )
  })

  it('cannot add a line, nor join the next one', () => {
    expect(() => render('d-i a string {{ value }}\n', 'a\nd-i b', 'preseed')).toThrow('line breaks')
    expect(() => render('d-i a/b_command string "{{ value }}"\n', 'a\nb', 'preseed')).toThrow(
      'line breaks',
    )
    expect(() => render('d-i a string {{ value }}\n', 'a\\', 'preseed')).toThrow('backslash')
  })
})

const YAML_PLACES: readonly (readonly [string, string])[] = [
  ['as a value', 'a: {{ value }}\nb: 1\n'],
  ['between double quotes', 'a: "{{ value }}"\nb: 1\n'],
  ['between single quotes', "a: '{{ value }}'\nb: 1\n"],
  ['in a list on one line', 'a: [{{ value }}, x]\nb: 1\n'],
  ['in a map on one line', '{ a: {{ value }}, b: 1 }\n'],
]

describe('a value in YAML', () => {
  it.each(YAML_PLACES)(
    'is the text that it was, to readers of YAML 1.1 and 1.2: %s',
    (_where, template) => {
      fc.assert(
        fc.property(oneLine, (value) => {
          const made = render(template, value, 'yaml')
          for (const version of ['1.1', '1.2'] as const) {
            const read: unknown = parse(made, { version })
            expect(read).toEqual({ a: template.includes('[') ? [value, 'x'] : value, b: 1 })
          }
        }),
      )
    },
  )

  it('is what it was between double quotes, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        expect(parse(render('a: "{{ value }}"\n', value, 'yaml'))).toEqual({ a: value })
      }),
    )
  })

  it('keeps its lines, indented, in a text of lines', () => {
    const made = render('a: |\n    x {{ value }}\nb: 1\n', 'one\ntwo: 2', 'yaml')
    expect(parse(made)).toEqual({ a: 'x one\ntwo: 2\n', b: 1 })
  })

  it('is a number, a list or a map where it was one', () => {
    expect(parse(render('a: {{ value }}', 3, 'yaml'))).toEqual({ a: 3 })
    expect(parse(render('a: {{ value }}', '3', 'yaml'))).toEqual({ a: '3' })
    expect(parse(render('a: {{ value }}', ['x', { y: 1 }], 'yaml'))).toEqual({ a: ['x', { y: 1 }] })
    expect(parse(render('a: {{ value | json }}', { y: [1] }, 'yaml'))).toEqual({ a: { y: [1] } })
  })

  it('may be a part of a plain text as long as that stays one', () => {
    expect(parse(render('a: http://{{ value }}/x', '192.0.2.1:80', 'yaml'))).toEqual({
      a: 'http://192.0.2.1:80/x',
    })
    for (const value of ['a: b', 'a #b', 'a\nb', 'a, b', '}'])
      expect(() => render('a: x{{ value }}', value, 'yaml')).toThrow('put quotes around the whole')
  })

  it('may be in any of several documents', () => {
    const made = render('a: 1\n---\nkind: HostnameConfig\nhostname: {{ value }}\n', 'no', 'yaml')
    expect(parseAllDocuments(made).map((each): unknown => each.toJS())).toEqual([
      { a: 1 },
      { kind: 'HostnameConfig', hostname: 'no' },
    ])
  })

  it('is refused in anchors and tags, unless it is a word', () => {
    expect(render('a: &{{ value }} 1', 'x', 'yaml')).toBe('a: &x 1')
    expect(() => render('a: !{{ value }} 1', 'x y', 'yaml')).toThrow('anchor or tag')
  })

  it('is a word of the shell where cloud-init gets a script', () => {
    expect(render('#!/bin/sh\necho {{ value }}\n', 'a b', 'cloud-init')).toBe(
      "#!/bin/sh\necho 'a b'\n",
    )
  })
})

describe('a value in JSON', () => {
  it('stays one text between quotes, and is a text or data without them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const read: unknown = JSON.parse(
          render('{"a":"{{ value }}","b":{{ value }}}', value, 'json'),
        )
        expect(read).toEqual({ a: value, b: value })
      }),
    )
    expect(render('[{{ value }}]', 3, 'json')).toBe('[3]')
    expect(render('[{{ value }}, "{{ value }}"]', ['a"'], 'json')).toBe(
      String.raw`[["a\""], "[\"a\\\"\"]"]`,
    )
    expect(render('[{{ value | json }}]', 'a', 'json')).toBe('["a"]')
  })
})

describe('a value in TOML', () => {
  it('is a text between quotes, and a text or data without them', () => {
    const template = '# {{ value }}\na = "{{ value }}"\nb = {{ value }}\n'
    expect(render(template, 'x"y', 'toml')).toBe('# x"y\na = "x\\"y"\nb = "x\\"y"\n')
    expect(render('c = """\n"{{ value }}"""', 'x"y', 'toml')).toBe('c = """\n"x\\"y"""')
    expect(render("a = '{{ value }}'", 'x y', 'toml')).toBe("a = 'x y'")
    expect(() => render("a = '{{ value }}'", "it's", 'toml')).toThrow('use double quotes')
    expect(render('a = {{ value }}', ['x', 1], 'toml')).toBe('a = ["x",1]')
  })
})

/** Texts, attributes and CDATA of a document, as a reader has them. */
const readXml = (xml: string): string[] => {
  const found: string[] = []
  const parser = new SaxesParser()
  parser.on('text', (text) => text.trim() !== '' && found.push(text))
  parser.on('cdata', (text) => found.push(text))
  parser.on('opentag', ({ attributes }) => found.push(...Object.values(attributes)))
  parser.write(xml).close()
  return found
}

describe('a value in XML', () => {
  it('is what it was in a text, in an attribute and in CDATA', () => {
    fc.assert(
      fc.property(
        oneLine.filter((text) => text.trim() !== '' && !text.includes(']]>')),
        (value) => {
          const xml = `<a b="{{ value }}" c='{{ value }}'>x{{ value }}<![CDATA[{{ value }}]]></a>`
          expect(readXml(render(xml, value, 'xml'))).toEqual([value, value, `x${value}`, value])
        },
      ),
    )
  })

  it('keeps its lines in a text and in an attribute', () => {
    expect(readXml(render('<a b="{{ value }}">{{ value }}</a>', 'one\ntwo', 'xml'))).toEqual([
      'one\ntwo',
      'one\ntwo',
    ])
  })

  it('cannot end what it stands in', () => {
    expect(() => render('<a><![CDATA[{{ value }}]]></a>', 'x]]><b/>', 'xml')).toThrow(
      'ends what it stands in',
    )
    expect(() => render('<a><!-- {{ value }} --></a>', '-->', 'xml')).toThrow(
      'ends what it stands in',
    )
    expect(() => render('<a><{{ value }}/></a>', 'b c="d"', 'xml')).toThrow('no name of XML')
  })
})

describe('a value in a template', () => {
  it('cannot become iPXE commands', () => {
    expect(() => render('chain {{ value }}', 'a && shell', 'ipxe')).toThrow('plain word')
    // oxlint-disable-next-line no-template-curly-in-string -- iPXE's expansion
    expect(() => render('chain {{ value }}', '${ip}', 'ipxe')).toThrow('plain word')
  })

  it('must have a name that exists, and filters too', () => {
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

  it('is written for where it is printed, also when it was captured before', () => {
    const template = '{% capture x %}a {{ value }}{% endcapture %}{"q": "{{ x }}", "r": {{ x }}}'
    expect(JSON.parse(render(template, 'b"c', 'json'))).toEqual({ q: 'a b"c', r: 'a b"c' })
    expect(() =>
      render('{% capture x %}{{ value }}{% endcapture %}{{ x | slice: 1, 14 }}', 'abc', 'text'),
    ).toThrow('cut the value before')
  })

  it('is told with its place where it cannot stand', () => {
    expect(() => render('a\nx={{ value }}', 'a\nb', 'text')).toThrow(
      'test: the value "a\\nb" cannot stand here in text: it has line breaks or control characters',
    )
  })
})
