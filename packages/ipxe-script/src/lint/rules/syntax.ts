import { isSpace, SAFE_LINE_BYTES, SAFE_WORDS_PER_LINE } from '../../syntax/index.ts'
import type { Word } from '../../syntax/index.ts'
import { PREDEFINED } from '../../table/predefined.ts'
import type { Model } from '../model.ts'
import { isWholeCommand, useOf } from '../operators.ts'
import { at, type Edit, type Rule } from '../rule.ts'

const SPECIAL_NUL = '\u0000'

/** An operator inside a word, and what of the word stands behind it. */
const gluedOperator = (word: Word): { operator: Word; after: Word | undefined } | undefined => {
  const found = /^(\|\||&&)(?=[a-z$])|(?<=[\w}])(\|\||&&)(?=[a-z]|$)|(?<=[a-z\d}])(;)$/.exec(
    word.text,
  )
  if (!found || word.end - word.start !== word.text.length) return undefined
  const start = word.start + found.index
  const end = start + found[0].length
  const rest = { ...word, start: end, text: word.text.slice(end - word.start) }
  return { operator: { ...word, start, end, text: found[0] }, after: rest.text ? rest : undefined }
}

/** Names of settings that the script stores, or that iPXE has. */
const settingsOf = ({ commands }: Model): ReadonlySet<string> =>
  new Set([
    ...PREDEFINED.keys(),
    ...commands
      .filter(({ name }) => name.text === 'set')
      .map(({ args }) => args[0]?.text.replace(/:.*/, '') ?? ''),
  ])

const isBlank = (character = ' '): boolean => isSpace(character.charCodeAt(0))

/** Whether a value as a whole stands in quotation marks; a name such as `AC '97` does not. */
const isQuoted = (words: readonly Word[]): boolean =>
  /^(["'])[^]*\1$/.test(words.map(({ text }) => text).join(' '))

/** Puts the blanks round an operator that it lacks. */
const spaced = (text: string, { start, end, text: operator }: Word): Edit => ({
  start,
  end,
  text: `${isBlank(text[start - 1]) ? '' : ' '}${operator}${isBlank(text[end]) ? '' : ' '}`,
})

/** Rules about bytes, lines and words. */
export const syntaxRules: readonly Rule[] = [
  {
    id: 'magic',
    severity: 'error',
    summary: 'The file does not begin with #!ipxe',
    why: 'iPXE takes a file for a script only if its first seven bytes are `#!ipxe` and white space. A blank line, a blank or a byte order mark before it disqualifies it, and a BIOS build then runs the file as machine code, which hangs the machine.',
    bad: '\n#!ipxe\necho hello\n',
    good: '#!ipxe\necho hello\n',
    fixes: true,
    check: ({ model: { script } }) => {
      if (!script.errors.some(({ code }) => code === 'ERR_IPXE_MAGIC')) return []
      const found = /^(?:\uFEFF|\u00EF\u00BB\u00BF|[ \t\n\v\f\r])*(?=#![ig]pxe[ \t\n\v\f\r])/.exec(
        script.text,
      )
      const end = found ? found[0].length : 0
      const what = /^(?:\uFEFF|\u00EF\u00BB\u00BF)/.test(found?.[0] ?? '')
        ? 'a byte order mark'
        : 'something'
      const message = found
        ? `${what} stands before #!ipxe, so iPXE does not take this for a script`
        : 'the first line is not #!ipxe, so iPXE does not take this for a script'
      return [
        at({ start: 0, end: Math.max(end, 1) }, message, [
          { start: 0, end, text: found ? '' : '#!ipxe\n' },
        ]),
      ]
    },
  },
  {
    id: 'dangling-continuation',
    severity: 'error',
    summary: 'The last line ends in a backslash',
    why: 'A backslash at the end of a line asks for the next one. On the last line there is none: iPXE does not run the line at all and the script fails.',
    bad: 'echo bye\\',
    good: 'echo bye',
    fixes: true,
    check: ({ model: { script } }) =>
      script.lines
        .filter((line) => line.dangling)
        .map((line) => {
          const start = line.start + line.source.lastIndexOf('\\')
          return at(
            { start, end: start + 1 },
            'the script ends in a continuation, and iPXE does not run this line',
            [{ start, end: start + 1, text: '' }],
          )
        }),
  },
  {
    id: 'nul-byte',
    severity: 'error',
    summary: 'A NUL byte cuts a line',
    why: 'A NUL byte ends the line silently; what follows it on the line is lost. It usually means that the file is UTF-16 or not text at all.',
    bad: `echo one${SPECIAL_NUL}two\n`,
    good: 'echo one two\n',
    check: ({ model: { script } }) =>
      script.errors
        .filter(({ code }) => code === 'ERR_IPXE_NUL')
        .map((problem) => at(problem, 'a NUL byte ends the line here, and the rest of it is lost')),
  },
  {
    id: 'comment-continuation',
    severity: 'error',
    summary: 'A comment ends in a backslash and swallows the next line',
    why: 'Continuation lines are joined before anything else is looked at. A comment that ends in a backslash therefore makes the next line a comment too.',
    bad: '# images live in C:\\\necho hello\n',
    good: '# images live in C:\necho hello\n',
    fixes: true,
    check: ({ model: { script } }) =>
      script.lines
        .filter((line) => line.comment && !line.dangling && /\\\r?\n/.test(line.source))
        .flatMap((line) => {
          const inComment = line.source.slice(line.comment!.start - line.start)
          const found = /\\(?=\r?\n)/.exec(inComment)
          if (!found) return []
          const start = line.comment!.start + found.index
          return [
            at(
              { start, end: start + 1 },
              'this backslash makes the next line part of the comment',
              [{ start, end: start + 1, text: '' }],
            ),
          ]
        }),
  },
  {
    id: 'single-pipe',
    severity: 'error',
    summary: 'A single | or & is an ordinary word',
    why: 'Only `||` and `&&` are operators. A single one, and all that follows it, are arguments of the command before: in `chain URL | goto failed` nothing ever jumps (OpenStack Ironic has this bug twice).',
    bad: 'chain http://boot.example/next.ipxe | goto failed\n:failed\nshell\n',
    good: 'chain http://boot.example/next.ipxe || goto failed\n:failed\nshell\n',
    fixes: true,
    check: ({ model }) =>
      model.commands.flatMap((command) =>
        command.words.flatMap((word, index) => {
          if (index === 0 || (word.text !== '|' && word.text !== '&')) return []
          const use = useOf(command, index)
          const isCut = isWholeCommand(command.words, index + 1, model.labels)
          if (use === 'text' || (use === 'image' && !isCut)) return []
          const fix = { start: word.start, end: word.end, text: word.text.repeat(2) }
          return [
            at(
              word,
              `${word.text} is an argument here, not an operator`,
              isCut ? [fix] : undefined,
            ),
          ]
        }),
      ),
  },
  {
    id: 'glued-operator',
    severity: 'error',
    summary: 'An operator without blanks round it is part of a word',
    why: 'iPXE knows `||`, `&&` and `;` only as words of their own. `dhcp||shell` is one word, and so is `reboot;`. Text that is shown or stored, and arguments of a kernel, may hold any of them.',
    bad: 'dhcp ||goto failed\n:failed\nshell\n',
    good: 'dhcp || goto failed\n:failed\nshell\n',
    fixes: true,
    check: ({ model }) =>
      model.commands.flatMap((command) =>
        command.words.flatMap((word, index) => {
          const glued = gluedOperator(word)
          if (!glued) return []
          const use = useOf(command, index)
          const isCut = glued.after
            ? isWholeCommand(command.words.with(index, glued.after), index, model.labels)
            : isWholeCommand(command.words, index + 1, model.labels)
          const isLast = !glued.after && index === command.words.length - 1
          if (use === 'text' || (use === 'image' && (!isCut || glued.operator.text === ';')))
            return []
          const { operator } = glued
          return [
            at(
              operator,
              `${operator.text} is part of the word here, not an operator`,
              isCut || isLast ? [spaced(model.script.text, operator)] : undefined,
            ),
          ]
        }),
      ),
  },
  {
    id: 'quotes',
    severity: 'warning',
    summary: 'Quotation marks are ordinary characters',
    why: 'iPXE has no quoting: the marks are passed on as part of the word, and blanks between them still separate words. `iseq "${a}" ""` compares two words that both hold marks. Kernel arguments are left alone, since Linux does know quotes.',
    bad: 'iseq "${platform}" "efi" && exit ||\n',
    good: 'iseq ${platform} efi && exit ||\n',
    check: ({ model }) =>
      model.commands
        .filter(({ spec }) =>
          ['iseq', 'isset', 'set', 'imgfetch', 'goto', 'chain'].includes(spec?.canonical ?? ''),
        )
        .flatMap((command) =>
          command.args
            .slice(
              0,
              command.spec?.canonical === 'chain' || command.spec?.canonical === 'imgfetch'
                ? 1
                : undefined,
            )
            .filter(({ text }, index) =>
              command.spec?.canonical === 'set'
                ? index === 1 && isQuoted(command.args.slice(1))
                : /^(["']).*\1$/.test(text) || /^["']\S/.test(text),
            )
            .map((word) => at(word, 'the quotation marks are part of the value')),
        ),
  },
  {
    id: 'shell-syntax',
    severity: 'warning',
    summary: 'Syntax of a shell that iPXE does not have',
    why: 'There are no variables without braces, no redirection and no command substitution: `$name`, `>` and `$(…)` are ordinary text.',
    bad: 'echo $mac\n',
    good: 'echo ${mac}\n',
    fixes: true,
    check: ({ model }) => {
      const settings = settingsOf(model)
      return model.commands.flatMap((command) =>
        command.words.flatMap((word, index) => {
          const use = useOf(command, index)
          const name = /^\$([a-z][\w-]*)$/i.exec(word.text)?.[1]
          // Text may show a `$`; it is a slip where the name is one that iPXE or the script has a value for.
          if (name !== undefined && use !== 'image' && (use === 'command' || settings.has(name)))
            return [
              at(word, `${word.text} is text; a setting is read with \${${name}}`, [
                { start: word.start, end: word.end, text: `\${${name}}` },
              ]),
            ]
          return use === 'command' && /^(?:[12&]?>>?|<|\$\(.*|2>&1)$/.test(word.text)
            ? [at(word, `${word.text} is an argument: iPXE has no such syntax`)]
            : []
        }),
      )
    },
  },
  {
    id: 'limits',
    severity: 'error',
    summary: 'A line is longer than iPXE can take',
    why: 'A command takes 255 positional arguments. A line of some 900 words overflows the stack of a 32-bit BIOS build, which dies without a message, and a line of 100,000 bytes runs out of memory; 500 words and 32 KiB are safe.',
    bad: `echo ${'x '.repeat(255)}x\n`,
    good: `echo ${'x '.repeat(254)}x\n`,
    check: ({ model }) => [
      ...model.commands
        .filter(({ args }) => args.length > 255)
        .map((command) =>
          at(
            command.args[255]!,
            `${command.name.text} has ${command.args.length} arguments and takes 255`,
          ),
        ),
      ...model.lines.flatMap(({ line }) => {
        const words = line.segments.reduce((sum, segment) => sum + segment.words.length + 1, 0)
        const place = { start: line.start, end: line.start + 1 }
        if (words > SAFE_WORDS_PER_LINE)
          return [at(place, `the line has ${words} words; ${SAFE_WORDS_PER_LINE} are safe`)]
        return line.text.length > SAFE_LINE_BYTES
          ? [at(place, `the line has ${line.text.length} characters; ${SAFE_LINE_BYTES} are safe`)]
          : []
      }),
    ],
  },
]
