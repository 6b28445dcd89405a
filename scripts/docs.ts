// npm run docs: lists the documents, and fails on a link or heading that leads nowhere. (No site is built from them yet.)
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const SKIPPED = new Set(['node_modules', 'dist', '.git', '.cache', '.changeset', 'fixtures'])

const documents = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (SKIPPED.has(entry.name)) return []
    if (entry.isDirectory()) return documents(path)
    return entry.name.endsWith('.md') ? [path] : []
  })

/** The name that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

const proseOf = (file: string): string =>
  readFileSync(file, 'utf8')
    .replaceAll(/```[^]*?```/g, '')
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ''))

const anchorsOf = (file: string): ReadonlySet<string> =>
  new Set([...proseOf(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading)))

/** What is wrong with one link of a document; undefined where it leads somewhere. */
const wrongWith = (file: string, target: string): string | undefined => {
  if (/^[a-z]+:/i.test(target)) return undefined
  const [path = '', anchor] = target.split('#')
  const found = path === '' ? file : join(dirname(file), decodeURIComponent(path))
  if (!existsSync(found)) return `${target} does not exist`
  if (anchor && found.endsWith('.md') && !anchorsOf(found).has(anchor))
    return `${target}: no such heading`
  return undefined
}

let broken = 0
for (const file of documents(root)) {
  const name = relative(root, file)
  const [title = ''] = /^# .+$/m.exec(readFileSync(file, 'utf8')) ?? []
  process.stdout.write(`${name.padEnd(50)} ${title.slice(2)}\n`)
  for (const [, target = ''] of proseOf(file).matchAll(/\]\(([^)\s]+)\)/g)) {
    const wrong = wrongWith(file, target)
    if (wrong === undefined) continue
    broken++
    process.stderr.write(`${name}: ${wrong}\n`)
  }
}
if (broken > 0) process.exitCode = 1
