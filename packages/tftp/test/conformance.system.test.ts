import { readFile, writeFile } from 'node:fs/promises'

import { expect, it } from 'vitest'

import { describeSystem } from '../../../scripts/system-tests.ts'
import { conformance, type Finding } from '../src/conformance/index.ts'
import { createTftpServer } from '../src/index.ts'
import { PEERS, startPeer } from './peers.ts'
import { folderWith, patternOf } from './support.ts'

const FILE = 'conformance.bin'
const MARKS = { pass: 'yes', fail: '**no**', absent: '–' } as const

const findingsOf = async (options: Parameters<typeof conformance>[0]): Promise<Finding[]> => {
  const findings: Finding[] = []
  for await (const finding of conformance(options)) findings.push(finding)
  return findings
}

const rootWithFile = () => folderWith({ [FILE]: patternOf(100_000) })

const ours = async (): Promise<Finding[]> => {
  const server = createTftpServer({ root: await rootWithFile() })
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' })
  try {
    return await findingsOf({ host: '127.0.0.1', port, file: FILE })
  } finally {
    await server.close({ deadlineMs: 0 })
  }
}

const theirs = async (name: (typeof PEERS)[number]): Promise<Finding[]> => {
  const { host, port, revive } = await startPeer(name, await rootWithFile())
  return findingsOf({ host, port, file: FILE, patienceMs: 1500, revive })
}

/** The path that dnsmasq tells is another one in each run. */
const escaped = (text: string): string =>
  text
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ')
    .replaceAll(/\S*bootwire-tftp-\w+/g, 'ROOT')

const matrixOf = (columns: Readonly<Record<string, readonly Finding[]>>): string => {
  const names = Object.keys(columns)
  const [first = []] = Object.values(columns)
  const rows = first.map(({ id, title, cite }, i) => {
    const cells = names.map((name) => MARKS[columns[name]![i]!.result])
    return `| \`${id}\` | ${title} (${cite}) | ${cells.join(' | ')} |`
  })
  const notes = names.flatMap((name) => {
    const failed = columns[name]!.filter(({ result }) => result === 'fail')
    return failed.map(({ id, note }) => `- ${name}, \`${id}\`: ${escaped(note)}`)
  })
  const head = [
    `| check | rule | ${names.join(' | ')} |`,
    `| --- | --- |${' --- |'.repeat(names.length)}`,
  ]
  return [...head, ...rows, '', 'What was seen where a rule is broken:', '', ...notes, ''].join(
    '\n',
  )
}

const PAGE = new URL('../docs/conformance.md', import.meta.url)
const MARKER = '<!-- matrix: BOOTWIRE_WRITE_MATRIX=1 writes it -->\n'

describeSystem('the conformance checks', () => {
  it(
    'find nothing in our server, and the known defects of the others',
    { timeout: 200_000 },
    async () => {
      const peers = await Promise.all(
        PEERS.map(async (name) => [name, await theirs(name)] as const),
      )
      const columns = { bootwire: await ours(), ...Object.fromEntries(peers) }
      if (process.env['BOOTWIRE_WRITE_MATRIX']) {
        const [head] = (await readFile(PAGE, 'utf8')).split(MARKER)
        await writeFile(PAGE, `${head}${MARKER}\n${matrixOf(columns)}`)
      }
      const failedBy = (name: string) =>
        Object.entries(columns)
          .flatMap(([column, findings]) => (column === name ? findings : []))
          .flatMap(({ id, result }) => (result === 'fail' ? [id] : []))
      expect(failedBy('bootwire')).toEqual([])
      // Without these the checks would have no teeth: one-byte crash, no TID check, storms, case-sensitive options.
      const known = [
        'short-datagrams',
        'foreign-ack',
        'foreign-error',
        'duplicate-ack',
        'storm',
        'option-case',
      ]
      expect(failedBy('npm tftp')).toEqual(expect.arrayContaining(known))
      // dnsmasq 2.90 grants a block size of "abc", answers strays, and tells its paths.
      expect(failedBy('dnsmasq')).toEqual(
        expect.arrayContaining(['blksize-values', 'no-path-leak', 'strays']),
      )
    },
  )
})
