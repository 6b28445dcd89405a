/** Width of the machine's screen. */
const COLUMNS = 80

/** A menu is drawn between two clearings of the screen; what it shows is not compared, what it chooses is. */
// oxlint-disable-next-line no-control-regex -- terminal sequences begin with ESC
const MENU = /\x1b\[2J[^]*?\n{8,}\x1b\[2J/g

// oxlint-disable-next-line no-control-regex -- terminal sequences begin with ESC
const TERMINAL = /\x1b(?:\[[0-9;?]*[a-zA-Z]|c)/g

/** Everything that iPXE printed after its banner, without terminal sequences, line ends as LF. */
export const afterBanner = (raw: string): string => {
  const text = raw.replaceAll('\r', '')
  const banner = text.indexOf('Features: ')
  const rest = banner < 0 ? text : text.slice(text.indexOf('\n', banner) + 1)
  return rest.replace(MENU, '').replace(TERMINAL, '')
}

/** Undoes backspaces, and the line ends that the screen put after every 80th column. */
export const unwrap = (text: string): string => {
  const rows: string[] = ['']
  let column = 0
  for (const character of text) {
    if (character === '\n') {
      if (column < COLUMNS) rows.push('')
      column = 0
    } else if (character === '\b') {
      rows.push(rows.pop()!.slice(0, -1))
      column = Math.max(0, column - 1)
    } else {
      rows.push(rows.pop()! + character)
      // What does not print is drawn as one character of three octets in UTF-8.
      if (character >= '\x80' && character < '\xc0') continue
      column = column === COLUMNS ? 1 : column + 1
    }
  }
  return rows.join('\n')
}

const NOISE: readonly (readonly [RegExp, string])[] = [
  // The usage is checked by hand; the interpreter writes its own from the table.
  [/Usage:\n\n[^]*? for further information\n/g, 'USAGE\n'],
  // The list of commands comes in the order of iPXE's linker.
  [/\n?Available commands:\n[^]*?Type "<command> --help" for further information\n\n?/g, 'HELP\n'],
  // Bytes that do not print: the machine draws a picture for each.
  [/[^\x20-\x7e\n]/g, ''],
  // One dot a while.
  [/\.{3,}/g, '...'],
  // Packets counted, and the errors among them.
  [/TX:\d+ TXE:\d+ RX:\d+ RXE:\d+\]/g, 'TX:0 TXE:0 RX:0 RXE:0]'],
  [/\n {2}\[(?:TXE|RXE): \d+ x "[^"]*"\]/g, ''],
  // IPv6 addresses that the virtual network hands out; not modelled.
  [/\nnet\d+: fe[c8]0::[^\n]*/g, ''],
  [/\nnet0: 10\.0\.2\.15\/255\.255\.255\.0/g, ''],
]

/** Takes out what the interpreter does not model, from either side's output. */
export const normalise = (text: string): string =>
  NOISE.reduce(
    (result, [pattern, replacement]) => result.replaceAll(pattern, replacement),
    text,
  ).trimEnd()
