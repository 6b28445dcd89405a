import type { Measure, Measurement } from '../../../scripts/measure.ts'
import {
  boot,
  chain,
  dhcp,
  echo,
  exit,
  facts,
  goto,
  imgfree,
  initrd,
  iseq,
  isset,
  kernel,
  label,
  lint,
  parse,
  print,
  prompt,
  run,
  scriptFor,
  ipxe2Bios,
  seconds,
  set,
  setting,
  shell,
  text,
  uri,
} from '../src/index.ts'

/** A typical script of 15 lines, written anew for one machine as a server does per request. */
const buildOne = (machine: number): string => {
  const failed = label('failed')
  const manual = label('manual')
  const host = `node-${machine}.boot.example`
  const base = setting('base', 'uri')
  return scriptFor(
    ipxe2Bios,
    echo('Booting', host, 'with address', facts.mac),
    set(base, 'http://boot.example/debian'),
    prompt({ key: 'm', timeout: seconds(2) }, 'Press M for the menu')
      .and(goto(manual))
      .orIgnore(),
    isset(facts.ip).or(goto(failed)),
    iseq(facts.platform, 'efi').and(echo('UEFI')).orIgnore(),
    imgfree(),
    kernel(
      { name: 'kernel' },
      uri`${base}/vmlinuz`,
      'initrd=initrd0 console=ttyS0,115200',
      text`hostname=${host}`,
    ).or(goto(failed)),
    initrd({ name: 'initrd0' }, uri`${base}/initrd.img`).or(goto(failed)),
    boot().or(goto(failed)),
    manual,
    chain({ autofree: true }, uri`http://boot.example/menu?mac=${facts.mac.as('hexhyp')}`).or(
      goto(failed),
    ),
    failed,
    dhcp().orIgnore(),
    shell().orIgnore(),
    exit(1),
  ).text
}

/** Processor time of this process in milliseconds: other work on the machine does not count. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Runs for a while; gives units of work per second of processor time, of the best of several stretches. */
const rate = async (
  work: () => number | Promise<number>,
  stretches = 5,
  stretchMs = 400,
): Promise<number> => {
  let best = 0
  for (let stretch = 0; stretch < stretches; stretch++) {
    const start = cpuMs()
    let done = 0
    let elapsed = 0
    while (elapsed < stretchMs) {
      done += await work()
      elapsed = cpuMs() - start
    }
    best = Math.max(best, (done / elapsed) * 1000)
  }
  return best
}

const block = (index: number): string => `
:entry${index}
# Entry ${index}
imgfree
set base${index} http://boot.example/os/${index}
kernel --name kernel \${base${index}}/vmlinuz initrd=initrd0 console=ttyS0,115200 || goto failed
initrd --name initrd0 \${base${index}}/initrd.img || goto failed
iseq \${platform} efi && echo UEFI ||
isset \${serial} && set id \${serial:uristring} || set id unknown
boot || goto failed
`

/** A corpus of a menu with many entries, of about so many lines. */
const corpus = (lines: number): string => {
  const entries = Array.from({ length: Math.ceil((lines - 10) / 11) }, (_, index) => index)
  return [
    '#!ipxe\nmenu Boot\n',
    ...entries.map((index) => `item entry${index} Entry number ${index}\n`),
    'choose sel || goto failed\ngoto ${sel}\n',
    ...entries.map(block),
    ':failed\nshell\n',
  ].join('')
}

const benchBuild = async (): Promise<Measurement> => {
  let machine = 0
  const perSecond = await rate(() => {
    for (let round = 0; round < 1000; round++) buildOne(machine++)
    return 1000
  })
  return {
    what: 'build: scripts of 15 lines, for one profile, on one core',
    unit: 'scripts/s',
    ours: perSecond,
    bar: { of: 'ours', is: 'at least', limit: 100_000 },
  }
}

const benchParse = async (): Promise<readonly Measurement[]> => {
  const source = corpus(5000)
  const bytes = Buffer.byteLength(source)
  const parsed = parse(source)
  return [
    {
      what: 'parse: a script of 5,000 lines',
      unit: 'MB/s',
      ours: await rate(() => {
        parse(source)
        return bytes / 1e6
      }),
    },
    {
      what: 'print: the same',
      unit: 'MB/s',
      ours: await rate(() => {
        print(parsed)
        return bytes / 1e6
      }),
    },
  ]
}

const benchLint = async (): Promise<Measurement> => {
  const source = corpus(5000)
  const lines = source.split('\n').length
  const perSecond = await rate(() => {
    lint(source, { profiles: [ipxe2Bios] })
    return 1
  })
  return {
    what: `lint: a corpus of ${lines} lines, all rules`,
    unit: 'ms',
    ours: 1000 / perSecond,
    bar: { of: 'ours', is: 'at most', limit: 300 },
  }
}

const LOOP = '#!ipxe\nset n:int32 0\n:again\ninc n\niseq ${n} 20000 || goto again\nexit\n'

const benchRun = async (): Promise<Measurement> => ({
  what: 'run: a counting loop, every step traced',
  unit: 'steps/s',
  ours: await rate(async () => (await run(LOOP)).steps),
})

const PARTS = { build: benchBuild, parse: benchParse, lint: benchLint, run: benchRun }

/** `npm run bench -- ipxe-script [build|parse|lint|run]`. */
export const bench: Measure = async ({ say, only }) => {
  const measurements: Measurement[] = []
  for (const [name, part] of Object.entries(PARTS)) {
    if (only.length > 0 && !only.some((word) => name.includes(word))) continue
    say(name)
    measurements.push(...[await part()].flat())
  }
  return measurements
}
