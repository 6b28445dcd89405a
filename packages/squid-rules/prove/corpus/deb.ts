import { packageName, sizeOf, version, type Archive, type CorpusFile } from './model.ts'
import type { Random } from './random.ts'

/** A name that Debian and Ubuntu both have, with other bytes. */
const SHARED_ALL = 'pool/main/x/x11proto-scrnsaver/x11proto-scrnsaver-dev_1.2.2-1_all.deb'

/** How clients write a plus and a tilde: as they are, or escaped in either case. */
const spellings = (path: string): string[] => {
  const found = [path]
  if (path.includes('+')) found.push(path.replaceAll('+', '%2b'), path.replaceAll('+', '%2B'))
  if (path.includes('~')) found.push(path.replaceAll('~', '%7e'))
  return found
}

const MOVING = [
  'dists/stable/InRelease',
  'dists/stable/Release.gpg',
  'dists/stable/main/binary-amd64/Packages.xz',
  'dists/stable/main/Contents-amd64.gz',
  'dists/stable/main/i18n/Translation-en.bz2',
  'dists/stable/main/binary-amd64/Packages.diff/Index',
  'dists/stable/main/installer-amd64/current/images/netboot/netboot.tar.gz',
]

const archive = (name: string, arches: readonly string[], bases: readonly string[]): Archive => ({
  name,
  bases,
  files: (random: Random, number): CorpusFile[] => {
    const source = packageName(random, number)
    const area = random.pick(['main', 'contrib', 'universe'])
    const stem = `pool/${area}/${source[0]}/${source}/${source}_${version(random).replaceAll('^', '+')}-${1 + random.below(9)}`
    const kind = random.pick([
      `_${random.pick(arches)}.deb`,
      `_${random.pick(arches)}.deb`,
      '_all.deb',
      `_${arches[0]}.udeb`,
      '.dsc',
      '.debian.tar.xz',
    ])
    const path = number % 1000 === 0 ? SHARED_ALL : stem + kind
    const hash = random.hex(64)
    const byHash = `dists/stable/${area}/binary-${arches[0]}/by-hash/SHA256/${hash}`
    const dated = `dists/stable/main/installer-${arches[0]}/20230607+deb12u${number}/images/netboot/mini.iso`
    return [
      { bytes: `${name} ${path}`, size: sizeOf(random), paths: spellings(path) },
      ...(number % 100 === 0 ? [{ bytes: `sha256 ${hash}`, size: 400_000, paths: [byHash] }] : []),
      ...(number % 5000 === 0
        ? [{ bytes: `${name} ${dated}`, size: 60_000_000, paths: [dated] }]
        : []),
      ...(number === 0
        ? MOVING.map((each) => ({
            bytes: `${name} ${each}`,
            size: 200_000,
            paths: [each],
            moves: true,
          }))
        : []),
    ]
  },
})

export const debian: Archive = archive(
  'debian',
  ['amd64', 'arm64', 'armhf'],
  [
    'http://ftp.halifax.rwth-aachen.de/debian',
    'http://ftp.de.debian.org/debian',
    'http://mirrors.kernel.org/debian',
    'https://mirrors.tuna.tsinghua.edu.cn/debian',
    'http://mirrors.ustc.edu.cn/debian',
  ],
)

export const debianSecurity: Archive = archive(
  'debian-security',
  ['amd64', 'arm64'],
  [
    'http://security.debian.org/debian-security',
    'http://security.debian.org',
    'http://mirrors.tuna.tsinghua.edu.cn/debian-security',
    'http://mirrors.ustc.edu.cn/debian-security',
    'http://mirrors.aliyun.com/debian-security',
  ],
)

export const ubuntu: Archive = archive(
  'ubuntu',
  ['amd64', 'i386'],
  [
    'http://us.archive.ubuntu.com/ubuntu',
    'http://archive.ubuntu.com/ubuntu',
    'http://security.ubuntu.com/ubuntu',
    'http://mirrors.kernel.org/ubuntu',
    'http://mirrors.aliyun.com/ubuntu',
  ],
)

export const ubuntuPorts: Archive = archive(
  'ubuntu-ports',
  ['arm64', 'riscv64'],
  [
    'http://ports.ubuntu.com/ubuntu-ports',
    'http://ports.ubuntu.com',
    'http://mirrors.tuna.tsinghua.edu.cn/ubuntu-ports',
    'http://mirrors.ustc.edu.cn/ubuntu-ports',
    'http://mirrors.aliyun.com/ubuntu-ports',
  ],
)

/** Debian's names, built for another instruction set. */
export const raspbian: Archive = archive(
  'raspbian',
  ['armhf'],
  [
    'http://raspbian.raspberrypi.org/raspbian',
    'http://archive.raspbian.org/raspbian',
    'http://mirrors.tuna.tsinghua.edu.cn/raspbian/raspbian',
    'http://mirrors.ustc.edu.cn/raspbian/raspbian',
    'http://mirrors.aliyun.com/raspbian/raspbian',
  ],
)
