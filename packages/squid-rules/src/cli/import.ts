import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

import { defineCommand, type Command } from '@bootwire-internal/cli'

import { importMirrorList, importStoreIdDb, repositoryOfList } from '../operate/import.ts'
import { kindOfFile } from '../operate/lint-file.ts'

export const importCommand: Command = defineCommand({
  summary: 'reads mirrors out of the lists that people have into RULES',
  description:
    "Reads mirror lists of dnf, metalink XML, .repo files, mirrorlist of pacman, sources.list and mirror files of apt, lists of apt-cacher-ng, a distribution's own list, or a storeid.db. The prefix is found by the layout behind it. Nothing found is exit code 1. For an access log: bootwire-squid learn.",
  positionals: 'FILE…',
  options: {
    repository: { value: 'NAME', summary: 'which repository, where the file does not say' },
  },
  run({ positionals: files, options: { repository }, print, warn }) {
    const mirrors: Record<string, string[]> = {}
    for (const file of files) {
      const bytes = readFileSync(file)
      const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1')
      const isDb = /^\s*\^[^\t]*\t/m.test(text) && kindOfFile(text) === 'storeid-db'
      const found = isDb
        ? importStoreIdDb(text)
        : importMirrorList(text, repository, repositoryOfList(file))
      for (const [each, list] of Object.entries(found.mirrors)) (mirrors[each] ??= []).push(...list)
      for (const { line, text: seen, why } of found.unused) warn(`${file}:${line}: ${why}: ${seen}`)
    }
    print(JSON.stringify({ mirrors }, null, 2))
    if (Object.keys(mirrors).length > 0) return 0
    warn('no mirror found')
    return 1
  },
})
