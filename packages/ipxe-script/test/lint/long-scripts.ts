/** Kinds of long scripts, a block for each number; `head` comes first. */
export interface LongKind {
  readonly block: (index: number) => string
  readonly head?: string
  readonly tail?: string
}

/** Every kind that a rule compares with others of its kind, or looks up a script for. */
export const LONG_KINDS: Readonly<Record<string, LongKind>> = {
  labels: { block: (i) => `:label${i}\n` },
  'labels that stand twice': { block: (i) => `:label${i % 3}\n` },
  'jumps to labels': { block: (i) => `:label${i}\niseq \${a} ${i} && goto label${i} ||\n` },
  'jumps to a failure': {
    block: (i) => `dhcp || goto failed\n:again${i}\n`,
    tail: ':failed\nexit\n',
  },
  'jumps to no label': { block: (i) => `iseq \${a} b && goto nowhere${i} ||\n:somewhere${i}\n` },
  'computed jumps': { block: () => `goto \${target} ||\n` },
  'computed jumps by pattern': { block: (i) => `goto p${i}_\${target} ||\n:p${i}_a\n` },
  'computed jumps among labels': { block: (i) => `goto \${target} ||\n:label${i}\n` },
  sets: { block: (i) => `set name${i} value\n` },
  'sets of typed settings': { block: (i) => `set net${i % 4}/ip 10.0.0.1\n` },
  'sets of counters': { block: (i) => `set n${i} 0\ninc n${i}\n` },
  'expansions shown': { block: (i) => `echo $name${i}\nset name${i} x\n` },
  items: {
    block: (i) => `item entry${i} Entry\n`,
    head: 'menu Boot\n',
    tail: 'choose sel || exit 1\ngoto ${sel}\n',
  },
  'items with labels': {
    block: (i) => `item entry${i} Entry\nitem other${i}\n`,
    head: 'menu Boot\n',
    tail: `choose sel || exit 1\ngoto \${sel}\n`,
  },
  'menus of their own': {
    block: (i) => `menu M${i}\nitem a${i} A\nchoose sel || exit 1\ngoto \${sel}\n:a${i}\n`,
  },
  'chooses of one menu': { block: () => 'choose sel || exit 1\n', head: 'menu Boot\nitem a A\n' },
  'chooses and jumps of one menu': {
    block: () => 'choose sel || exit 1\ngoto ${sel} ||\n',
    head: `menu Boot\n${Array.from({ length: 2000 }, (_, i) => `item e${i} E\n`).join('')}`,
  },
  'chooses with defaults': {
    block: () => 'choose --default nothing sel || exit 1\n',
    head: `menu Boot\n${Array.from({ length: 2000 }, (_, i) => `item e${i} E\n`).join('')}`,
  },
  'named menus': {
    block: (i) => `menu --name m${i}\nitem --menu m${i} a A\n`,
    tail: 'chain http://boot.example/a ||\n',
  },
  'named menus and chains': { block: (i) => `menu --name m${i}\nchain http://boot.example/a ||\n` },
  'tests between a menu and its jump': {
    block: (i) => `iseq \${sel} e${i} && exit ||\n`,
    head: 'menu Boot\nitem a A\nchoose sel || exit 1\n',
    tail: 'goto ${sel}\n',
  },
  'kernels and initrds': {
    block: (i) =>
      `:boot${i}\nimgfree\nkernel http://boot.example/vmlinuz initrd=initrd${i} || exit 1\ninitrd http://boot.example/initrd${i} || exit 1\nboot || exit 1\n`,
  },
  'kernels and initrds without labels': {
    block: (i) =>
      `kernel http://boot.example/k initrd=i${i} || exit 1\ninitrd http://boot.example/i${i} || exit 1\n`,
    tail: 'boot || exit 1\n',
  },
  'initrds without a kernel': { block: (i) => `initrd http://boot.example/i${i} || exit 1\n` },
  'one kernel with many initrds': {
    block: (i) => `initrd http://boot.example/i${i} ||\n`,
    head: 'kernel http://boot.example/k initrd=a || exit 1\n',
    tail: 'boot || exit 1\n',
  },
  'kernels that go to boot': {
    block: (i) => `kernel http://boot.example/k initrd=i ||\ngoto boot\n:next${i}\n`,
    tail: ':boot\nboot || exit 1\n',
  },
  'kernels ignored before boot': { block: () => 'kernel http://boot.example/k ||\nboot ||\n' },
  'arguments of images': {
    block: (i) => `imgargs image${i} quiet ||\nkernel http://boot.example/k${i} ||\n`,
  },
  shims: { block: () => 'shim http://boot.example/shim ||\n', head: 'boot ||\n' },
  'unknown commands': { block: (i) => `unknown${i} ||\n` },
  'unknown options': { block: (i) => `dhcp --option${i} ||\n` },
  'late options': { block: (i) => `chain http://boot.example/a --autofree x${i} ||\n` },
  'unknown URI schemes': { block: (i) => `chain htp${i}://boot.example/a ||\n` },
  parameters: {
    block: (i) =>
      `params --name p${i}\nparam --params p${i} a b\nchain http://boot.example/a##params=p${i} ||\n`,
  },
  'parameters without a list': { block: (i) => `param a${i} b\n` },
  'chains with parameters': { block: () => 'params\nchain http://boot.example/a##params ||\n' },
  tests: { block: (i) => `iseq \${a} b${i} && echo yes\n` },
  'comments that ignore': { block: () => 'echo $mac # lint-ignore shell-syntax\n' },
  continuations: { block: () => 'echo a \\\n', tail: 'end\n' },
  'operators in one line': { block: () => 'echo a || \\\n', tail: 'end\n' },
  'words of other shells': { block: (i) => `echo $a${i} > file | b; c\n` },
  'glued operators': { block: (i) => `dhcp ||goto l${i}\n` },
  'carriage returns': { block: (i) => `echo a${i}\r\n` },
}

/** A script of a kind with about so many lines. */
export const longScript = ({ block, head = '', tail = '' }: LongKind, lines: number): string => {
  const each = block(0).split('\n').length - 1
  const blocks = Array.from({ length: Math.ceil(lines / each) }, (_, index) => block(index))
  return `#!ipxe\n${head}${blocks.join('')}${tail}`
}
