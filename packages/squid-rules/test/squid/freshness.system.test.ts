import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import { CATALOGUE, compileRules, createEngine, type Options } from '../../src/index.ts'
import { sampleUrls } from '../urls/samples.ts'
import { openBed, type Answer, type Bed } from './bed.ts'

const OPTIONS: Options = { use: ['all'], cache: { storage: 'memory' } }

const samples = CATALOGUE.flatMap((repository) =>
  repository.rules.flatMap((rule) =>
    sampleUrls(repository, rule).map((url) => ({ url, isMutable: rule.class === 'mutable' })),
  ),
)
/** What people have been served old, by name: issues that the catalogue cites, and the names of the review. */
const KNOWN_TO_MOVE = [
  'http://dl.rockylinux.org/pub/rocky/9/BaseOS/x86_64/os/images/pxeboot/vmlinuz',
  'http://dl.rockylinux.org/pub/rocky/9/BaseOS/x86_64/os/images/install.img',
  'http://dl.rockylinux.org/pub/rocky/9/BaseOS/x86_64/os/.treeinfo',
  'http://mirror.stream.centos.org/9-stream/BaseOS/x86_64/os/images/pxeboot/initrd.img',
  'http://dl-cdn.alpinelinux.org/alpine/edge/main/x86_64/make-4.1-r0.apk',
  'http://dl-cdn.alpinelinux.org/alpine/latest-stable/main/x86_64/make-4.1-r0.apk',
  'http://download.opensuse.org/tumbleweed/repo/oss/x86_64/bash-5.2-1.1.x86_64.rpm',
  'http://ftp.debian.org/debian/dists/bookworm/main/installer-amd64/current/images/netboot/debian-installer/amd64/linux',
  'http://ftp.debian.org/debian/dists/bookworm/main/installer-amd64/current/images/SHA256SUMS',
  'http://ftp.debian.org/debian/dists/bookworm/main/cnf/Commands-amd64.xz',
  'http://dl.fedoraproject.org/pub/epel/epel-release-latest-9.noarch.rpm',
  'http://geo.mirror.pkgbuild.com/iso/latest/archlinux-x86_64.iso',
  'http://ftp.debian.org/debian/a-name/that-no-rule-knows.bin',
  'http://packages.vendor.example/apt/dists/stable/InRelease',
  'http://packages.vendor.example/el9/repodata/repomd.xml',
]

const generationOf = ({ text }: Answer): string => /generation (\d+)/.exec(text)?.[1] ?? text

describeSystem('freshness on Squid', () => {
  let bed: Bed
  let parsed: readonly string[]
  beforeAll(async () => {
    const hosts = new Set(
      [...samples.map(({ url }) => url), ...KNOWN_TO_MOVE].map((url) => new URL(url).hostname),
    )
    bed = await openBed([...hosts].map((host) => `10.79.0.2 ${host}`))
    parsed = (await bed.startSquid(0, OPTIONS)).parsed
  })
  afterAll(() => bed.close())

  /** Asks for all, changes every origin, and asks again. The files are old and say nothing of their age. */
  const second = async (urls: readonly string[]): Promise<string[]> => {
    await bed.generation(1)
    for (let i = 0; i < urls.length; i += 40) await bed.getAll(urls.slice(i, i + 40))
    await bed.generation(2)
    const answers: Answer[] = []
    for (let i = 0; i < urls.length; i += 40)
      answers.push(...(await bed.getAll(urls.slice(i, i + 40))))
    await bed.seen()
    return answers.map(generationOf)
  }

  it('starts from a configuration that Squid reads without an unexpected word', () => {
    expect(parsed).toEqual([])
  })

  it('serves what every mutable rule of the catalogue names anew, as soon as it is replaced', async () => {
    const urls = samples.flatMap(({ url, isMutable }) => (isMutable ? [url] : []))
    expect(urls.length).toBeGreaterThan(150)
    const generations = await second(urls)
    expect(urls.filter((_, i) => generations[i] !== '2')).toEqual([])
  })

  it('serves what is known to move anew', async () => {
    const generations = await second(KNOWN_TO_MOVE)
    expect(KNOWN_TO_MOVE.filter((_, i) => generations[i] !== '2')).toEqual([])
  })

  it('keeps what has a key, under whatever name it came', async () => {
    const engine = createEngine(compileRules(OPTIONS))
    const urls = samples.flatMap(({ url }) => (engine.keyAt(url, 0) === undefined ? [] : [url]))
    expect(urls.length).toBeGreaterThan(100)
    const generations = await second(urls)
    expect(urls.filter((_, i) => generations[i] !== '1')).toEqual([])
  })

  it('does not keep an answer that ends without having said its length', async () => {
    const path = 'debian/pool/main/b/bash/cut-short_1-1_amd64.deb'
    const cut = await bed.get(`http://mirrors.kernel.org/${path}`)
    expect(cut.bytes).toBe(1000)
    const whole = await bed.get(`http://mirrors.tuna.tsinghua.edu.cn/${path}`)
    expect(whole.bytes).toBe(2000)
    const again = await bed.get(`http://ftp.halifax.rwth-aachen.de/${path}`)
    expect(again.bytes).toBe(2000)
  })
})
