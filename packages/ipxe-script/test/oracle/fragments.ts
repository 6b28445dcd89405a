import { readdirSync, readFileSync } from 'node:fs'

/** A piece of script that runs in both worlds. */
export interface Fragment {
  readonly name: string
  readonly text: string
}

const CORPUS = new URL('corpus/', import.meta.url)

const words = (count: number): string => Array(count).fill('w').join(' ')

/** Fragments about limits, which nobody writes by hand. */
const LIMITS: readonly Fragment[] = [
  {
    name: '255 arguments are taken',
    text: `set q ${words(254)}\necho stored\nisset \${q} && echo kept\n`,
  },
  {
    name: '256 arguments are refused',
    text: `set q ${words(255)} || echo \${errno}\nshow q || echo none\n`,
  },
  {
    name: 'options do not count',
    text: `echo -n -n ${words(255)} && echo\necho ${words(256)} || echo no\n`,
  },
  { name: 'six hundred words on a line', text: `iseq a b && echo ${words(600)} || echo short\n` },
  {
    name: 'a line of 20,000 bytes',
    text: `set q ${'x'.repeat(20_000)}\niseq \${q} x || echo long\n`,
  },
]

/** The fragments written by hand: `=== name`, then the lines. Those of `slow.txt` each ask DHCP again. */
export const corpus = (withSlow = false): Fragment[] =>
  readdirSync(CORPUS)
    .filter((file) => withSlow || file !== 'slow.txt')
    .toSorted()
    .flatMap((file) => readFileSync(new URL(file, CORPUS), 'utf8').split(/^=== /m).slice(1))
    .map((part) => {
      const end = part.indexOf('\n')
      return { name: part.slice(0, end), text: part.slice(end + 1) }
    })
    .concat(LIMITS)

const script = (...lines: readonly string[]): string => ['#!ipxe', ...lines, ''].join('\n')

/** The files that fragments find beside them. */
export const FILES: Readonly<Record<string, string>> = {
  'a.txt': 'hello world',
  'b.txt': 'bb',
  'sub/rel.txt': 'relative',
  'sub/nomagic.txt': ' #!ipxe\necho not a script\n',
  'sub/ok.ipxe': script('echo in ok'),
  'sub/exit0.ipxe': script('echo in exit0', 'exit 0', 'echo not reached'),
  'sub/exit3.ipxe': script('echo in exit3', 'exit 3', 'echo not reached'),
  'sub/fails.ipxe': script('echo in fails', 'iseq a b', 'echo not reached'),
  'sub/nest.ipxe': script('chain --autofree nest2.ipxe && echo nested'),
  'sub/nest2.ipxe': script('chain --autofree exit3.ipxe || echo inner ${errno}', 'echo nest2'),
  'sub/relative.ipxe': script(
    'imgfetch rel.txt',
    'imgstat',
    'imgfree rel.txt',
    'imgfetch /b.txt',
    'imgfree b.txt',
  ),
  'sub/replacer.ipxe': script(
    'echo before',
    'chain --replace --autofree ok.ipxe',
    'echo not reached',
  ),
  'sub/replacer3.ipxe': script(
    'echo before',
    'chain --replace --autofree exit3.ipxe && echo not reached',
  ),
  'sub/goto.ipxe': script('goto outside'),
  'sub/dangling.ipxe': '#!ipxe\necho first\necho never \\\n',
  'sub/nul.ipxe': '#!ipxe\necho a\0 b || frobnicate\necho c\n',
  'sub/nonl.ipxe': '#!ipxe\necho last line',
  'sub/crlf.ipxe': '#!ipxe\r\necho one\r\necho two \\\r\nthree\r\n',
  'sub/gpxe.ipxe': '#!gpxe\necho gpxe\n',
  'sub/empty.ipxe': '#!ipxe\n',
  'sub/magic.ipxe': '#!ipxe echo no\necho yes\n',
  'sub/setter.ipxe': script('set fromsub 1', 'set fromblock/x 2'),
  'sub/freer.ipxe': script('imgfree', 'imgstat', 'echo freed'),
  'sub/fetcher.ipxe': script('imgfetch rel.txt', 'imgstat'),
}
