import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

import { describe, expect, it } from 'vitest'

const SOURCE = new URL('../src/', import.meta.url).pathname

/** The rooms of docs/architecture.md, from top to bottom. */
const rooms = (): string[] => {
  const text = readFileSync(new URL('../../../docs/architecture.md', import.meta.url), 'utf8')
  const section = text.split('## Rooms of the server')[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/^\| `([\w./-]+)` +\|/gm)].map((row) =>
    (row[1] ?? '').replace(/\/$/, ''),
  )
}

const filesBelow = (folder: string): string[] =>
  readdirSync(join(SOURCE, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : path.endsWith('.ts') ? [path] : []
  })

const importsOf = (text: string): string[] =>
  [...text.matchAll(/(?:from|import|import\()\s*'(\.{1,2}\/[^']+)'/g)].map(
    (found) => found[1] ?? '',
  )

/** The room that a file is in: the longest name of one that its folder begins with. */
const roomOf = (path: string, all: readonly string[]): string | undefined =>
  all
    .filter((room) =>
      room === '.' ? !path.includes('/') : path === room || path.startsWith(`${room}/`),
    )
    .toSorted((a, b) => b.length - a.length)[0]

/** Imports that lead to a room above, as `file -> file`, and files that are in no room. */
const upwardArrows = (files: Readonly<Record<string, string>>, all: readonly string[]): string[] =>
  Object.entries(files).flatMap(([file, text]) => {
    const here = roomOf(file, all)
    if (here === undefined) return [`${file} is in no room`]
    return importsOf(text).flatMap((specifier) => {
      const target = posix.join(posix.dirname(file), specifier)
      const there = roomOf(target, all)
      const isUp = there === undefined || all.indexOf(there) < all.indexOf(here)
      return isUp ? [`${file} -> ${target}`] : []
    })
  })

describe('the rooms of the server', () => {
  it('import only from the rooms below them', () => {
    const files = Object.fromEntries(
      filesBelow('').map((path) => [path, readFileSync(join(SOURCE, path), 'utf8')]),
    )
    expect(Object.keys(files).length).toBeGreaterThan(80)
    expect(upwardArrows(files, rooms())).toEqual([])
  })

  it('are told of an arrow that runs up, static, typed or dynamic', () => {
    const all = ['.', 'boot', 'decide', 'model']
    const files = {
      'decide/a.ts': "import type { B } from '../boot/b.ts'\nimport { c } from '../model/c.ts'",
      'model/c.ts': "export const later = () => import('../decide/a.ts')",
      'boot/b.ts': "export { a } from '../decide/a.ts'\nimport '../cli.ts'",
      'attic/d.ts': '',
    }
    expect(upwardArrows(files, all)).toEqual([
      'decide/a.ts -> boot/b.ts',
      'model/c.ts -> decide/a.ts',
      'boot/b.ts -> cli.ts',
      'attic/d.ts is in no room',
    ])
  })

  it('are all there', () => {
    const folders = readdirSync(SOURCE, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    )
    expect(folders.map(({ name }) => name).toSorted()).toEqual(
      rooms()
        .filter((room) => room !== '.' && !room.includes('.') && !room.includes('/'))
        .toSorted(),
    )
  })
})
