import { packageName, sizeOf, version, type Archive, type CorpusFile } from './model.ts'
import type { Random } from './random.ts'

const ARCHES = ['x86_64', 'aarch64', 'noarch']

/** The trees in which names are the same for all rebuilds of RHEL. */
const SHARED_NEVRA = 'keyutils-libs-1.6.3-1.el9.x86_64.rpm'

interface Nevra {
  readonly file: string
  readonly letter: string
  readonly arch: string
  readonly size: number
}

const nevra = (random: Random, number: number, dist: string): Nevra => {
  const name = packageName(random, number)
  const arch = random.pick(ARCHES)
  const file = `${name}-${version(random)}-${1 + random.below(9)}.${dist}.${arch}.rpm`
  return { file, letter: name[0]!, arch: arch === 'noarch' ? 'x86_64' : arch, size: sizeOf(random) }
}

/** Files that every tree of a yum repository has, and that are never what they were. */
const moving = (vendor: string, tree: string, isOver = false): CorpusFile[] =>
  [
    'repodata/repomd.xml',
    'images/pxeboot/vmlinuz',
    'images/pxeboot/initrd.img',
    '.treeinfo',
    'images/install.img',
  ]
    // Nobody composes the tree of a release that is over.
    .filter((file) => !isOver || !file.startsWith('images/'))
    .map((file) => ({
      bytes: `${vendor} ${tree} ${file}`,
      size: 60_000,
      paths: [`${tree}/${file}`],
      moves: true,
    }))

const repodata = (tree: string, random: Random): CorpusFile => {
  const hash = random.hex(64)
  const kind = random.pick([
    'primary.xml.gz',
    'filelists.xml.zst',
    'comps-Everything.x86_64.xml.zck',
  ])
  return {
    bytes: `sha256 ${hash}`,
    size: 900_000,
    paths: [`${tree}/repodata/${hash}-${kind}`],
  }
}

/** A rebuild of RHEL: `9` is a link to the newest point release, and packages stay when the next one comes. */
const enterprise = (vendor: string, bases: readonly string[], hasLetters: boolean): Archive => ({
  name: vendor,
  bases,
  files: (random, number) => {
    const major = random.pick(['8', '9'])
    const minor = `${major}.${random.below(6)}`
    const repo = random.pick(['BaseOS', 'AppStream', 'CRB', 'extras'])
    const { file, letter, arch, size } = nevra(random, number, `el${major}`)
    const name = number % 1000 === 0 ? SHARED_NEVRA : file
    const place = `${repo}/${arch}/os/Packages/${hasLetters ? `${name[0] ?? letter}/` : ''}${name}`
    const bytes = `${vendor} ${major} ${repo} ${arch} ${name}`
    const paths =
      number % 3 === 0 ? [`${major}/${place}`, `${minor}/${place}`] : [`${major}/${place}`]
    const signature = { bytes: `${bytes} sig`, size: 300, paths: [`${major}/${place}.sig`] }
    return [
      { bytes, size, paths },
      ...(number % 500 === 0 ? [signature, repodata(`${major}/${repo}/${arch}/os`, random)] : []),
      ...(number === 0 ? moving(vendor, `${major}/${repo}/${arch}/os`) : []),
    ]
  },
})

export const rocky: Archive = enterprise(
  'rocky',
  [
    'https://dl.rockylinux.org/pub/rocky',
    'http://download.rockylinux.org/pub/rocky',
    'http://dl.rockylinux.org/vault/rocky',
    'http://mirrors.tuna.tsinghua.edu.cn/rocky',
    'http://mirror.init7.net/rocky',
    'http://mirrors.aliyun.com/rockylinux',
  ],
  true,
)

export const alma: Archive = enterprise(
  'alma',
  [
    'https://repo.almalinux.org/almalinux',
    'http://mirrors.aliyun.com/almalinux',
    'http://mirrors.tuna.tsinghua.edu.cn/almalinux',
    'http://mirror.init7.net/almalinux',
    'https://vault.almalinux.org',
  ],
  false,
)

export const stream: Archive = {
  name: 'stream',
  bases: [
    'http://mirror.stream.centos.org',
    'https://rpmfind.net/linux/centos-stream',
    'http://mirrors.tuna.tsinghua.edu.cn/centos-stream',
    'http://mirrors.aliyun.com/centos-stream',
    'http://mirrors.edge.kernel.org/centos-stream',
  ],
  files: (random, number) => {
    const { file, arch, size } = nevra(random, number, 'el9')
    const repo = random.pick(['BaseOS', 'AppStream', 'CRB'])
    const name = number % 1000 === 0 ? SHARED_NEVRA : file
    const tree = `9-stream/${repo}/${arch}/os`
    return [
      { bytes: `stream 9 ${repo} ${arch} ${name}`, size, paths: [`${tree}/Packages/${name}`] },
      ...(number === 0 ? moving('stream', tree) : []),
    ]
  },
}

/** CentOS 7: `7` and `7.9.2009` are one tree. The buildlogs tree has the same paths, unsigned. */
const seven = (name: string, signing: string, bases: readonly string[]): Archive => ({
  name,
  bases,
  files: (random, number) => {
    const { file, arch, size } = nevra(random, number, 'el7')
    const repo =
      number === 0 ? 'storage' : random.pick(['os', 'updates', 'extras', 'storage', 'cloud'])
    const gluster = 'glusterfs-4.1.2-1.el7.x86_64.rpm'
    const place =
      repo === 'storage'
        ? `storage/x86_64/gluster-4.1/${number % 50 === 0 ? gluster : file}`
        : `${repo}/${arch}/Packages/${file}`
    const links = number % 2 === 0 ? [`7/${place}`, `7.9.2009/${place}`] : [`7/${place}`]
    return [
      { bytes: `centos ${signing} ${place}`, size, paths: links },
      ...(number === 0 ? moving(name, '7/os/x86_64', true) : []),
    ]
  },
})

export const centos: Archive = seven('centos', 'signed', [
  'http://mirror.centos.org/centos',
  'http://vault.centos.org/centos',
  'http://vault.centos.org',
  'http://mirrors.ustc.edu.cn/centos',
  'http://mirrors.kernel.org/centos',
])

export const buildlogs: Archive = seven('buildlogs', 'unsigned', [
  'http://buildlogs.centos.org/centos',
  'https://buildlogs.centos.org/centos',
])

export const fedora: Archive = {
  name: 'fedora',
  bases: [
    'http://archive.linux.duke.edu/pub/fedora/linux',
    'https://dl.fedoraproject.org/pub/fedora/linux',
    'http://download.fedoraproject.org/pub/fedora/linux',
    'http://mirrors.kernel.org/fedora',
    'https://www.mirrorservice.org/sites/dl.fedoraproject.org/pub/fedora/linux',
    'http://archives.fedoraproject.org/pub/archive/fedora/linux',
  ],
  files: (random, number) => {
    const { file, letter, arch, size } = nevra(random, number, 'fc40')
    const tree = random.pick([
      `releases/40/Everything/${arch}/os/Packages`,
      `updates/40/Everything/${arch}/Packages`,
      `updates/testing/40/Everything/${arch}/Packages`,
      `releases/40/Everything/${arch}/debug/tree/Packages`,
    ])
    return [
      { bytes: `fedora ${tree} ${file}`, size, paths: [`${tree}/${letter}/${file}`] },
      ...(number % 700 === 0 ? [repodata(`updates/40/Everything/${arch}`, random)] : []),
      ...(number === 0 ? moving('fedora', 'development/rawhide/Everything/x86_64/os') : []),
    ]
  },
}

export const epel: Archive = {
  name: 'epel',
  bases: [
    'https://dl.fedoraproject.org/pub/epel',
    'https://rpmfind.net/linux/epel',
    'http://mirrors.kernel.org/epel',
    'http://dfw.mirror.rackspace.com/epel',
    'http://mirrors.aliyun.com/epel',
  ],
  files: (random, number) => {
    const { file, letter, arch, size } = nevra(random, number, 'el9')
    const tree = random.pick([
      `9/Everything/${arch}`,
      `8/Everything/${arch}`,
      `testing/9/Everything/${arch}`,
      `7/${arch}`,
    ])
    const latest = [7, 8, 9].map((n) => `epel-release-latest-${n}.noarch.rpm`)
    return [
      { bytes: `epel ${tree} ${file}`, size, paths: [`${tree}/Packages/${letter}/${file}`] },
      ...(number === 0
        ? latest.map((each) => ({
            bytes: `epel ${each}`,
            size: 20_000,
            paths: [each],
            moves: true,
          }))
        : []),
      ...(number === 1 ? moving('epel', '9/Everything/x86_64') : []),
    ]
  },
}

export const opensuse: Archive = {
  name: 'opensuse',
  bases: [
    'http://download.opensuse.org',
    'http://ftp.halifax.rwth-aachen.de/opensuse',
    'https://rpmfind.net/linux/opensuse',
    'http://mirrors.tuna.tsinghua.edu.cn/opensuse',
    'http://mirrors.kernel.org/opensuse',
  ],
  files: (random, number) => {
    const { file, arch, size } = nevra(random, number, 'lp156')
    const tree = random.pick([
      `distribution/leap/15.6/repo/oss/${arch}`,
      `update/leap/15.6/oss/${arch}`,
      `update/leap/15.6/sle/${arch}`,
      `update/leap/15.6/backports/${arch}`,
    ])
    // Built again under the same name: mirrors differ for days.
    const rolling = `tumbleweed/repo/oss/x86_64/${file}`
    return [
      { bytes: `opensuse ${tree} ${file}`, size, paths: [`${tree}/${file}`] },
      ...(number % 50 === 0
        ? [{ bytes: `opensuse ${rolling}`, size, paths: [rolling], moves: true }]
        : []),
      ...(number === 0 ? moving('opensuse', 'distribution/leap/15.6/repo/oss') : []),
    ]
  },
}
