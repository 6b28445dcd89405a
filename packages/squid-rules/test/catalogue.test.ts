import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { CATALOGUE, compileRules, createEngine, explain } from '../src/index.ts'
import { EVERYTHING } from './urls/examples.ts'
import { sampleUrls } from './urls/samples.ts'

const engine = createEngine(compileRules({ use: ['all'], snapshot: true }))
const keyOf = (url: string): string | undefined => engine.keyAt(url, 0)

/** Bytes that differ in public under one name, with where that was seen. */
const DIFFERENT: readonly (readonly [string, string, string])[] = [
  [
    'goproxyio/goproxy#216',
    'https://goproxy.cn/github.com/swaggo/swag/@v/v1.6.6.zip',
    'https://goproxy.io/github.com/swaggo/swag/@v/v1.6.6.zip',
  ],
  [
    'goproxyio/goproxy#232',
    'https://goproxy.cn/github.com/!victoria!metrics/fastcache/@v/v1.13.0.zip',
    'https://mirrors.aliyun.com/goproxy/github.com/!victoria!metrics/fastcache/@v/v1.13.0.zip',
  ],
  [
    'goproxyio/goproxy#164',
    'https://goproxy.cn/github.com/!dreamacro/go-shadowsocks2/@v/v0.1.6.mod',
    'https://goproxy.io/github.com/!dreamacro/go-shadowsocks2/@v/v0.1.6.mod',
  ],
  [
    'cnpm/cnpmcore#588',
    'https://registry.yarnpkg.com/gifsicle/-/gifsicle-5.3.0.tgz',
    'https://registry.npmmirror.com/gifsicle/-/gifsicle-5.3.0.tgz',
  ],
  [
    'medikoo/es5-ext#103',
    'https://r.npmjs.org/es5-ext/-/es5-ext-0.10.53.tgz',
    'https://registry.yarnpkg.com/es5-ext/-/es5-ext-0.10.53.tgz',
  ],
]

/** Names whose bytes were replaced in public: no rule may give them a key. */
const REPLACED = [
  'https://download.postgresql.org/pub/repos/yum/common/redhat/rhel-9-x86_64/pgdg-srpm-macros-1.0.49-1PGDG.rhel9.noarch.rpm',
  'http://rpms.remirepo.net/enterprise/8/php81/x86_64/php-pear-1.10.17-1.el8.remi.noarch.rpm',
  'http://download.opensuse.org/repositories/home:/el:/archphp/Arch/x86_64/php71-7.1.33-10-x86_64.pkg.tar.zst',
  'https://cloud.r-project.org/src/contrib/metadat_1.4-0.tar.gz',
  'https://ctan.math.illinois.edu/systems/texlive/tlnet/archive/latexmk.tar.xz',
  'https://repo.anaconda.com/pkgs/main/linux-64/numpy-1.26.4-py312hc5e2394_0.conda',
  'http://ddebs.ubuntu.com/pool/main/b/bash/bash-dbgsym_5.2-1_amd64.ddeb',
  'https://downloads.openwrt.org/releases/23.05.5/packages/x86_64/packages/bash_5.2.15-1_x86_64.ipk',
]

/** Two names of one file: they must meet. */
const SAME: readonly (readonly [string, string])[] = [
  [
    'https://snapshot.debian.org/archive/debian/20241016T000000Z/pool/main/b/bash/bash_5.2.15-2+b7_amd64.deb',
    'http://ftp.de.debian.org/debian/pool/main/b/bash/bash_5.2.15-2%2bb7_amd64.deb',
  ],
  [
    'https://repo.almalinux.org/vault/9.3/BaseOS/x86_64/os/Packages/bash-5.1.8-6.el9_1.x86_64.rpm',
    'http://repo.almalinux.org/almalinux/9/BaseOS/x86_64/os/Packages/bash-5.1.8-6.el9_1.x86_64.rpm',
  ],
  [
    'http://vault.centos.org/7.9.2009/os/x86_64/images/pxeboot/vmlinuz',
    'http://mirror.centos.org/centos/7/os/x86_64/images/pxeboot/vmlinuz',
  ],
  [
    'https://archive.archlinux.org/repos/2024/11/01/extra/os/x86_64/firefox-132.0-1-x86_64.pkg.tar.zst',
    'https://geo.mirror.pkgbuild.com/extra/os/x86_64/firefox-132.0-1-x86_64.pkg.tar.zst',
  ],
  [
    'https://cache.nixos.org/nar/1w1fff338fvdw53sqgamddn1b2xgds473pv6y13gizdbqjv4i5p3.nar.xz',
    'https://mirrors.tuna.tsinghua.edu.cn/nix-channels/store/nar/1w1fff338fvdw53sqgamddn1b2xgds473pv6y13gizdbqjv4i5p3.nar.xz',
  ],
  [
    'https://quay.io/v2/a/b/blobs/sha256:61fec91190a0bab34406027bbec43d562218df6e80d22d4735029756f23c7007',
    'https://gcr.io/v2/c/blobs/sha256:61fec91190a0bab34406027bbec43d562218df6e80d22d4735029756f23c7007',
  ],
]

describe('the catalogue', () => {
  it.each(DIFFERENT)('keeps apart what differs in public: %s', (_, a, b) => {
    expect(keyOf(a)).toBeDefined()
    expect(keyOf(b)).not.toBe(keyOf(a))
  })

  it.each(REPLACED)('gives no key to %s, whose bytes were replaced', (url) => {
    expect(keyOf(url)).toBeUndefined()
  })

  it.each(SAME)('gives one key to %s and %s', (a, b) => {
    expect(keyOf(a)).toBeDefined()
    expect(keyOf(b)).toBe(keyOf(a))
  })

  it('keeps debian-ports apart from Debian, and finds its pools', () => {
    const path = 'main/b/bash/bash_5.2-1_all.deb'
    const ports = keyOf(`http://ftp.debian.org/debian-ports/pool-riscv64/${path}`)
    expect(ports).toBeDefined()
    expect(keyOf(`http://ftp.debian.org/debian/pool/${path}`)).not.toBe(ports)
  })

  it('says of every repository who makes its bytes, who may change them, what clients verify, and where that is written', () => {
    for (const { bytes } of CATALOGUE)
      for (const answer of Object.values(bytes)) expect(answer).toMatch(/\S{3}/)
  })

  it('matches a sample of every rule by that rule or an earlier one', () => {
    const all = createEngine(compileRules(EVERYTHING))
    for (const repository of CATALOGUE) {
      for (const rule of repository.rules) {
        const [url = ''] = sampleUrls({ ...repository }, rule)
        const { class: kind } = explain(all, url)
        const allowed = rule.class === 'mutable' ? ['mutable'] : ['hash', 'versioned', 'mutable']
        expect(allowed.includes(kind) ? [] : [url]).toEqual([])
      }
    }
  })

  it('is the only place that names a distribution: a new one is one file and one row', () => {
    const names = new Set(
      CATALOGUE.map(({ name }) => name).filter(
        (name) => !['go', 'arch', 'void', 'nix', 'opam'].includes(name),
      ),
    )
    const source = new URL('../src/', import.meta.url).pathname
    const found: string[] = []
    for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts') || file.startsWith('catalogue/')) continue
      const code = readFileSync(join(source, file), 'utf8').replaceAll(
        /\/\*[\s\S]*?\*\/|\/\/.*/g,
        '',
      )
      for (const [, word] of code.matchAll(/'([a-z0-9-]+)'/g))
        if (names.has(word!)) found.push(`${file}: ${word}`)
    }
    // The short names that apt-cacher-ng gives its lists.
    expect(found).toEqual(['operate/import.ts: debian'])
  })
})

/** What clients were seen to send for one name in an index, and what the canonical mirror's own client sends. */
const SPELLINGS: readonly (readonly [
  family: string,
  canonical: string,
  sent: readonly string[],
])[] = [
  [
    'apt',
    'http://ftp.debian.org/debian/pool/main/l/l/l_1:2%2b3%7e4_amd64.deb',
    ['l_1:2+3~4', 'l_1:2%2b3%7e4', 'l_1:2%2B3%7E4', 'l_1%3a2%2b3~4'].map(
      (name) => `http://ftp.de.debian.org/debian/pool/main/l/l/${name}_amd64.deb`,
    ),
  ],
  [
    'dnf',
    'http://dl.fedoraproject.org/pub/fedora/linux/updates/41/Everything/x86_64/Packages/c/c%2b%2b-1%5e2~3.rpm',
    ['c%2b%2b-1%5e2~3', 'c++-1^2~3', 'c%2B%2B-1%5E2%7E3'].map(
      (name) =>
        `http://mirrors.kernel.org/fedora/updates/41/Everything/x86_64/Packages/c/${name}.rpm`,
    ),
  ],
  [
    'zypper',
    'http://download.opensuse.org/update/leap/15.6/oss/x86_64/c++-1%5E2~3.rpm',
    ['c++-1%5E2~3', 'c%2b%2b-1^2~3'].map(
      (name) =>
        `http://ftp.halifax.rwth-aachen.de/opensuse/update/leap/15.6/oss/x86_64/${name}.rpm`,
    ),
  ],
  [
    'pacman and apk',
    'http://geo.mirror.pkgbuild.com/extra/os/x86_64/c-1:1.0+r1-1-any.pkg.tar.zst',
    ['c-1:1.0+r1-1', 'c-1%3a1.0%2br1-1'].map(
      (name) => `http://mirrors.kernel.org/archlinux/extra/os/x86_64/${name}-any.pkg.tar.zst`,
    ),
  ],
]

describe('a canonical key', () => {
  it.each(SPELLINGS)('is written as %s writes it, whoever asks', (_, canonical, sent) => {
    expect(new Set(sent.map(keyOf))).toEqual(new Set([canonical]))
    expect(keyOf(canonical)).toBe(canonical)
  })

  it("may be of the site's own mirror, or of none", () => {
    const url = 'http://ftp.de.debian.org/debian/pool/main/b/b/b_1-1_amd64.deb'
    const own = createEngine(
      compileRules({ use: ['debian'], canonical: { debian: 'http://mirror.lan/debian' } }),
    )
    expect(own.keyAt(url, 0)).toBe('http://mirror.lan/debian/pool/main/b/b/b_1-1_amd64.deb')
    const none = createEngine(compileRules({ use: ['debian'], canonical: false }))
    expect(none.keyAt(url, 0)).toBe(
      'http://debian.pkg.squid.internal/indexed/pool/main/b/b/b_1-1_amd64.deb',
    )
  })
})
