// Holds the code to docs/glossary.md: no exported type, interface or class, and no private field, has a name of a "not" column.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Folders that still have such names. It only shrinks: a folder that is clean must leave it. */
const TO_DO = [
  'packages/dhcp-proxy',
  'packages/ipxe-script',
  'packages/server',
  'packages/squid-rules',
  'packages/tftp',
]

/** Names in the third column of the tables; those in backticks are keys of records, which this does not read. */
const forbidden = readFileSync('docs/glossary.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .flatMap((line) => line.split('|').at(-2)?.split(',') ?? [])
  .map((word) => word.trim())
  .filter((word) => /^[A-Z][A-Za-z]+$/.test(word))

const names = forbidden.join('|')
const PATTERNS = [
  new RegExp(`^export (?:declare )?(?:abstract )?(?:type|interface|class) (?:${names})\\b`),
  new RegExp(`^\\s+(?:readonly )?#(?:${names})\\b`, 'i'),
]

const folders = ['packages', 'internal'].flatMap((parent) =>
  readdirSync(parent).map((name) => `${parent}/${name}`),
)

const findingsIn = (folder) =>
  readdirSync(join(folder, 'src'), { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const file = join(folder, 'src', name)
      return readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, i) =>
          PATTERNS.some((pattern) => pattern.test(line))
            ? [`${file}:${i + 1}: ${line.trim()}`]
            : [],
        )
    })

if (forbidden.length < 5) throw new Error('docs/glossary.md has no "not" columns that can be read')
let failed = false
for (const folder of folders) {
  const findings = findingsIn(folder)
  if (TO_DO.includes(folder)) {
    if (findings.length === 0)
      console.log(`${folder} is clean: take it out of TO_DO in scripts/check-words.mjs`)
    failed ||= findings.length === 0
    continue
  }
  for (const finding of findings)
    console.log(`${finding} (docs/glossary.md has another word for it)`)
  failed ||= findings.length > 0
}
if (process.argv.includes('--all'))
  for (const folder of TO_DO) for (const finding of findingsIn(folder)) console.log(finding)
process.exit(failed ? 1 : 0)
