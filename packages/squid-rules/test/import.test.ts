import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, it } from 'vitest'

import { importMirrorList } from '../src/index.ts'
import { repositoryOfList } from '../src/operate/import.ts'

/** Files in the form that their publisher describes, with made-up hosts. */
const LISTS = new URL('lists/', import.meta.url)

/** Of each file: where its form is described, and its mirrors. */
const FILES: Readonly<
  Record<string, { readonly source: string; readonly mirrors: Readonly<Record<string, string[]>> }>
> = {
  'Mirrors.masterlist': {
    source: 'mirror-master.debian.org/status/Mirrors.masterlist, deb822(5)',
    mirrors: {
      debian: ['ftp.am.example/debian', 'other.example/pub/linux/debian'],
      'debian-security': ['ftp.am.example/debian-security'],
    },
  },
  'almalinux.yml': {
    source: 'github.com/AlmaLinux/mirrors, README: sponsor_url is the site of who pays',
    mirrors: { almalinux: ['almalinux.example.net/pub/almalinux'] },
  },
  'alpine-mirrors.yaml': {
    source: 'mirrors.alpinelinux.org/mirrors.yaml',
    mirrors: { alpine: ['dl.example.org/alpine'] },
  },
  'arch-status.json': {
    source: 'archlinux.org/mirrors/status/json: details is a page about the mirror',
    mirrors: { arch: ['mirror.example.org/archlinux'] },
  },
  'centos-full-mirrorlist.csv': {
    source: 'centos.org/download/full-mirrorlist.csv: the fourth column is the site of who pays',
    mirrors: { centos: ['ftp.example.de/centos'] },
  },
  'debian-mirrors.list': {
    source: 'apt-transport-mirror(1)',
    mirrors: { debian: ['mirror1.example/debian'], ubuntu: ['mirror2.example/ubuntu'] },
  },
  'debian.sources': {
    source: 'sources.list(5), deb822 with a key inside',
    mirrors: { debian: ['a.example/debian', 'b.example/pub/debian'] },
  },
  'fedora-mirrorlist': {
    source: 'mirrors.fedoraproject.org/mirrorlist',
    mirrors: { fedora: ['mirror.example.org/pub/fedora/linux', 'ftp.example.de/fedora/linux'] },
  },
  'gentoo-mirrors.xml': {
    source: 'api.gentoo.org/mirrors/distfiles.xml',
    mirrors: { 'gentoo-distfiles': ['ftp.example.de/gentoo'] },
  },
  'leap.meta4': {
    source: 'RFC 5854: the metalink of one package',
    mirrors: { opensuse: ['ftp.example.de/opensuse'] },
  },
  'metalink-stream.xml': {
    source: "MirrorManager's metalinks, whose name space is a URL too",
    mirrors: { 'centos-stream': ['ftp.example.de/centos-stream'] },
  },
  mirrorlist: {
    source:
      'pacman.conf(5): a mirror at the root of its host has no name but the order of its folders',
    mirrors: { arch: ['geo.example/', 'cache.example/archlinux'] },
  },
  'rocky.repo': {
    source: 'dnf.conf(5): several baseurl, a gpgkey, a mirror list',
    mirrors: { rocky: ['a.example/rocky', 'b.example/pub/rocky'] },
  },
  'sources.list': {
    source: 'sources.list(5)',
    mirrors: { debian: ['a.example/debian'], 'debian-security': ['a.example/debian-security'] },
  },
}

const read = (name: string): string => readFileSync(new URL(name, LISTS), 'latin1')

describe('files that distributions publish and package managers read', () => {
  it('are all held by the table', () => {
    expect(readdirSync(LISTS).toSorted()).toEqual(Object.keys(FILES).toSorted())
  })

  it.each(Object.entries(FILES))(
    '%s gives its mirrors and nothing else, whatever name it has',
    (name, { mirrors }) => {
      const text = read(name)
      const guessed = importMirrorList(text, undefined, repositoryOfList(name))
      expect(guessed).toEqual({ mirrors, unused: [] })
      expect(importMirrorList(text).mirrors).toEqual(mirrors)
    },
  )

  it('has lines of their own end and carriage returns', () => {
    const { mirrors } = FILES['Mirrors.masterlist']!
    const text = read('Mirrors.masterlist').replaceAll('\n', '\r\n')
    expect(importMirrorList(text)).toEqual({ mirrors, unused: [] })
  })

  it('takes no README of a mirror for a folder', () => {
    expect(importMirrorList('http://m.example/kali/README', 'kali').mirrors).toEqual({
      kali: ['m.example/kali'],
    })
  })
})

describe('a list without a mirror', () => {
  const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
  const run = (command: string, input: string): { status: number | null; stderr: string } => {
    const words = ['--conditions=@bootwire/source', '--import', import.meta.resolve('tsx'), cli]
    const folder = mkdtempSync(join(tmpdir(), 'bootwire-squid-import-'))
    try {
      const file = join(folder, 'mirrors')
      writeFileSync(file, input)
      return spawnSync(process.execPath, [...words, command, file], { encoding: 'utf8' })
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  it.each([
    ['import', '', /no mirror found/],
    [
      'import',
      '# all switched off\n#Server = http://a.example/$repo/os/$arch\n',
      /no mirror found/,
    ],
    [
      'import',
      '---\nname: x\nsponsor_url: https://www.example.net/almalinux/\n',
      /no mirror found/,
    ],
    ['learn', '', /^/],
    ['learn', 'not a log\n', /1 lines not read; formats that are: squid/],
  ])('is exit code 1 of %s: %j', (command, input, said) => {
    const { status, stderr } = run(command, input)
    expect(stderr).toMatch(said)
    expect(status).toBe(1)
  })
})
