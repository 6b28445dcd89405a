import { packageName, sizeOf, version, type Archive } from './model.ts'

export const arch: Archive = {
  name: 'arch',
  bases: [
    'https://geo.mirror.pkgbuild.com',
    'http://mirrors.kernel.org/archlinux',
    'http://mirrors.tuna.tsinghua.edu.cn/archlinux',
    'http://mirrors.ustc.edu.cn/archlinux',
    'http://arch.jensgutermuth.de',
  ],
  files: (random, number) => {
    const repo = random.pick(['core', 'extra', 'multilib'])
    const path = `${repo}/os/x86_64/${packageName(random, number)}-${version(random)}-1-${random.pick(['x86_64', 'any'])}.pkg.tar.zst`
    const moves = [
      'core/os/x86_64/core.db',
      'extra/os/x86_64/extra.files',
      'lastsync',
      'iso/latest/archlinux-x86_64.iso',
    ]
    return [
      { bytes: `arch ${path}`, size: sizeOf(random), paths: [path] },
      { bytes: `arch ${path} sig`, size: 310, paths: [`${path}.sig`] },
      ...(number === 0
        ? moves.map((each) => ({
            bytes: `arch ${each}`,
            size: 100_000,
            paths: [each],
            moves: true,
          }))
        : []),
    ]
  },
}

export const alpine: Archive = {
  name: 'alpine',
  bases: [
    'https://dl-cdn.alpinelinux.org/alpine',
    'http://nl.alpinelinux.org/alpine',
    'http://mirrors.aliyun.com/alpine',
    'http://mirrors.tuna.tsinghua.edu.cn/alpine',
    'http://ftp.halifax.rwth-aachen.de/alpine',
  ],
  files: (random, number) => {
    const branch = random.pick(['v3.17', 'v3.18', 'v3.19'])
    const repo = random.pick(['main', 'community'])
    // Every branch has a make of this name and builds it on its own.
    const file =
      number % 500 === 0
        ? 'make-4.1-r0.apk'
        : `${packageName(random, number)}-${version(random).replaceAll('~', '_')}-r${random.below(9)}.apk`
    const path = `${branch}/${repo}/x86_64/${file}`
    const edge = `edge/${repo}/x86_64/${file}`
    const index = `${branch}/${repo}/x86_64/APKINDEX.tar.gz`
    return [
      { bytes: `alpine ${path}`, size: sizeOf(random), paths: [path] },
      ...(number % 50 === 0
        ? [{ bytes: `alpine ${edge}`, size: 90_000, paths: [edge], moves: true }]
        : []),
      ...(number === 0
        ? [{ bytes: `alpine ${index}`, size: 500_000, paths: [index], moves: true }]
        : []),
    ]
  },
}

export const pypi: Archive = {
  name: 'pypi',
  bases: [
    'https://files.pythonhosted.org',
    'http://pypi.tuna.tsinghua.edu.cn',
    'http://mirrors.aliyun.com/pypi',
    'http://mirrors.ustc.edu.cn/pypi',
    'http://files.pythonhosted.org',
  ],
  files: (random, number) => {
    const hash = random.hex(64)
    const name = packageName(random, number).replaceAll('+', '_')
    const path = `packages/${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash.slice(4)}/${name}-${version(random)}-py3-none-any.whl`
    return [
      { bytes: `blake2 ${hash}`, size: sizeOf(random), paths: [path] },
      { bytes: `blake2 ${hash} metadata`, size: 2000, paths: [`${path}.metadata`] },
      ...(number % 100 === 0
        ? [{ bytes: `pypi ${name}`, size: 9000, paths: [`simple/${name}/index.html`], moves: true }]
        : []),
    ]
  },
}

export const npm: Archive = {
  name: 'npm',
  bases: ['https://r.npmjs.org', 'http://r.npmjs.org'],
  files: (random, number) => {
    const name = packageName(random, number).replaceAll('+', '-')
    const latest = number % 200 === 0 ? `${name}-latest` : name
    const [path, escaped] =
      number % 3 === 0
        ? [
            `@scope/${latest}/-/${latest}-1.${number}.0.tgz`,
            `%40scope/${latest}/-/${latest}-1.${number}.0.tgz`,
          ]
        : [`${latest}/-/${latest}-1.${number}.0.tgz`, undefined]
    return [
      {
        bytes: `npm ${path}`,
        size: sizeOf(random),
        paths: escaped === undefined ? [path] : [path, escaped],
      },
      ...(number % 100 === 0
        ? [{ bytes: `npm ${name}`, size: 30_000, paths: [name], moves: true }]
        : []),
    ]
  },
}

export const crates: Archive = {
  name: 'crates',
  bases: [
    'https://static.crates.io/crates',
    'http://static.crates.io/crates',
    'http://mirrors.ustc.edu.cn/crates.io/crates',
    'https://mirrors.ustc.edu.cn/crates.io/crates',
  ],
  files: (random, number) => {
    const name = `crate${number}`
    const release = `${random.below(9)}.${random.below(90)}.${random.below(9)}`
    return [
      {
        bytes: `crate ${name} ${release}`,
        size: sizeOf(random),
        paths: [`${name}/${name}-${release}.crate`, `${name}/${release}/download`],
      },
    ]
  },
}

export const go: Archive = {
  name: 'go',
  bases: ['https://goproxy.cn', 'http://goproxy.cn'],
  files: (random, number) => {
    const stem = `github.com/!azure/m${number}/v2/@v/v2.${random.below(90)}.${number}`
    return [
      { bytes: `go ${stem} zip`, size: sizeOf(random), paths: [`${stem}.zip`] },
      { bytes: `go ${stem} mod`, size: 900, paths: [`${stem}.mod`] },
      // Each proxy writes this one in its own way.
      ...(number % 20 === 0
        ? [{ bytes: `go ${stem} info`, size: 200, paths: [`${stem}.info`], moves: true }]
        : []),
    ]
  },
}

export const oci: Archive = {
  name: 'oci',
  bases: [
    'https://registry-1.docker.io',
    'https://mirror.gcr.io',
    'https://quay.io',
    'https://ghcr.io',
    'http://registry-1.docker.io',
  ],
  files: (random, number) => {
    const hash = random.hex(64)
    const image = `library/image${number % 100}`
    const tag = `v2/${image}/manifests/stable`
    return [
      {
        bytes: `sha256 ${hash}`,
        size: sizeOf(random),
        paths: [`v2/${image}/blobs/sha256:${hash}`],
      },
      ...(number < 100 ? [{ bytes: `oci ${tag}`, size: 2000, paths: [tag], moves: true }] : []),
    ]
  },
}
