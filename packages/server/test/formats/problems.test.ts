import { describe, expect, it } from 'vitest'

import type { AnswerFormat } from '../../src/model/answer-formats.ts'
import { templateProblems } from '../../src/templates/problems.ts'

const VALUES = { name: 'web-1', mac: '52:54:00:12:34:56', two: 'a\nb' }

/** Problems of a text as `line:column: message`; of a template, as it is rendered. */
const problemsOf = (format: AnswerFormat, text: string): string[] =>
  templateProblems(text, format, text.includes('{{') ? VALUES : undefined).map(
    ({ line, column, message }) => `${line}:${column}: ${message}`,
  )

const GOOD: readonly (readonly [AnswerFormat, string])[] = [
  ['json', '{"a": [1, -2.5e3, "x\\u00e9", true, null, {}], "b": []}\n'],
  [
    'ignition',
    '{"ignition": {"version": "3.4.0"}, "kernelArguments": {}, "storage": {"luks": []}}',
  ],
  ['ignition', '{"ignition": {"version": "2.3.0"}, "networkd": {}}'],
  ['ignition', '{"ignition": {"version": "2.4.0", "proxy": {}}, "networkd": {}}'],
  // Newer than what is known here: its fields are Ignition's business.
  ['ignition', '{"ignition": {"version": "3.9.0"}, "whatever": {}}'],
  ['yaml', 'a: 1\n---\nb: 2\n'],
  ['cloud-init', '#cloud-config\nautoinstall: { version: 1 }\n'],
  ['cloud-init', '#!/bin/sh\nfoo: [bar\n'],
  ['cloud-init', '## template: jinja\n#cloud-config\nhostname: x\n'],
  ['cloud-init', 'instance-id: x\n'],
  ['cloud-init', 'version: 2\nethernets: {}\n'],
  ['cloud-init', ''],
  ['xml', '<?xml version="1.0"?><unattend xmlns="urn:x"><a b="c"/></unattend>\n'],
  [
    'preseed',
    '# c\nd-i a/b string x \\\n  more of it\n\ntasksel tasksel/first multiselect standard\nd-i a/b seen true\n',
  ],
  ['kickstart', 'text\n%packages\nvim\n%end\n%post\n%include /tmp/x\n%end\n'],
]

const BAD: readonly (readonly [AnswerFormat, string, string])[] = [
  [
    'ignition',
    '{"ignition": {"version": "3.4.0"},}',
    '1:35: is no valid ignition: "}" where a name in double quotes must stand',
  ],
  [
    'ignition',
    '{"a": 1}',
    '1:1: is no valid ignition: "ignition": { "version": "3.4.0" } is missing',
  ],
  [
    'ignition',
    '{\n"ignition": {"version": "1.0"}}',
    '2:14: is no valid ignition: saw the version "1.0"; Ignition\'s are 2.0.0 and newer',
  ],
  [
    'ignition',
    '{"ignition": {"version": "2.3.0", "proxy": {}}}',
    '1:35: is no valid ignition: "ignition.proxy" is not known in version 2.3.0; known there: version, config, timeouts, security',
  ],
  [
    'ignition',
    '{"ignition": {"version": "3.0.0"},\n "kernelArguments": {}}',
    '2:2: is no valid ignition: "kernelArguments" is not known in version 3.0.0; known there: ignition, passwd, storage, systemd',
  ],
  ['json', '{\n "a": 01}', '2:8: is no valid json: "1" where "," or "}" must stand'],
  [
    'json',
    '["a]',
    '1:2: is no valid json: this text in quotes has no end on its line, or a "\\" before a character that needs none',
  ],
  ['json', '[1] 2', '1:5: is no valid json: "2" where nothing more must stand'],
  ['json', '', '1:1: is no valid json: the end of the text where a value must stand'],
  [
    'cloud-init',
    '#cloud-config\nfoo: [bar\n',
    '3:1: is no valid cloud-init: a quote or bracket has no end, or a blank is missing after ":"',
  ],
  [
    'cloud-init',
    'hostname: x\n',
    '1:1: is no valid cloud-init: its first line must be "#cloud-config"; cloud-init ignores it otherwise',
  ],
  [
    'cloud-init',
    '#cloud-config\na: 1\na: 2\n',
    '3:1: is no valid cloud-init: this key is given twice in the same map; keys must be unique',
  ],
  [
    'yaml',
    'a: b: c\n',
    '1:4: is no valid yaml: two ": " on one line; quote the value if it is one text',
  ],
  ['xml', '<a>\n<b></a>', '2:7: is no valid xml: unexpected close tag.'],
  [
    'preseed',
    '# x\nd-i time/zone UTC\n',
    '2:1: is no valid preseed: "UTC" is no type of a question; known: boolean, error, multiselect, note, password, seen, select, string, text, title',
  ],
  [
    'kickstart',
    'text\n%pots\n',
    '2:1: is no valid kickstart: %pots is no section; known: %pre, %pre-install, %post, %onerror, %traceback, %packages, %addon, %anaconda, %certificate',
  ],
  ['kickstart', '%packages\nvim\n', '1:1: is no valid kickstart: %packages has no %end'],
  [
    'kickstart',
    '%packages\nvim\n%post\n%end\n',
    '1:1: is no valid kickstart: %packages has no %end before %post begins',
  ],
  ['kickstart', '%end\n', '1:1: is no valid kickstart: %end ends nothing: no section is open'],
  // What a template makes, at its place in the template.
  [
    'json',
    '{\n  "mac": "{{ mac }}"\n  "n": "{{ name }}"\n}',
    '3:3: makes no valid json: "\\"" where "," or "}" must stand',
  ],
  [
    'text',
    'a\nb {{ mac }} c {{ two }}',
    '2:15: the value "a\\nb" cannot stand here in text: it has line breaks or control characters',
  ],
  ['text', '{{ mac }}\n{{ nmae }}', '2:4: undefined variable: nmae'],
]

describe('the text of an answer', () => {
  it.each(GOOD)('is good %s: %j', (format, text) => {
    expect(problemsOf(format, text)).toEqual([])
  })

  it.each(BAD)('is no good %s: %j', (format, text, said) => {
    expect(problemsOf(format, text)[0]).toBe(said)
  })

  it('is told that what is for another program needs {% raw %}', () => {
    for (const text of [
      "podman ps --format '{{1..3}}'",
      '{{ #each }}',
      '{{.Names}}',
      '## template: jinja\nx: {{ ds.meta }}',
    ])
      expect(problemsOf('text', text)[0]).toContain('{% raw %}')
  })
})
