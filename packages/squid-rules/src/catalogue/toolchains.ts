import type { Repository } from './model.ts'

const RUST =
  'https://forge.rust-lang.org/infra/channel-layout.html (dated folders, versioned names)'
const GO = 'https://go.dev/dl/ (a release is published once)'

/** What rustup fetches: dated folders, and names with a version. */
export const rust: Repository = {
  name: 'rust',
  signing: 'indexed',
  optional: true,
  bytes: {
    madeBy: "Rust's release builders",
    changedBy: 'nobody: channels move by a manifest, files keep their bytes',
    verifiedBy: 'rustup: the SHA-256 of the channel manifest',
    source: RUST,
  },
  mirrors: [
    'static.rust-lang.org/',
    'mirrors.ustc.edu.cn/rust-static',
    'mirrors.tuna.tsinghua.edu.cn/rustup',
    'mirrors.aliyun.com/rustup',
    'rsproxy.cn/',
  ],
  rules: [
    { id: 'channel', class: 'mutable', path: 'dist/channel-<rest>', source: RUST },
    {
      id: 'dated',
      class: 'versioned',
      path: 'dist/20<date>/<file>.tar.<type:gz|xz>',
      source: RUST,
    },
    {
      id: 'release',
      class: 'versioned',
      path: 'dist/<package:rust-1.|rustc-1.|rust-std-1.|rust-src-1.|rust-docs-1.|cargo-1.|cargo-0.|clippy-1.|rustfmt-1.><rest>.tar.<type:gz|xz>',
      source: RUST,
    },
    {
      id: 'rustup',
      class: 'versioned',
      path: 'rustup/archive/<release:version>/<target>/<file>',
      source: RUST,
    },
  ],
}

export const goToolchain: Repository = {
  name: 'go-toolchain',
  signing: 'indexed',
  optional: true,
  bytes: {
    madeBy: "Go's release builders",
    changedBy: 'nobody after the release: a fix is a new version',
    verifiedBy: 'people and tools: the SHA-256 on the download page',
    source: GO,
  },
  mirrors: [
    'go.dev/dl',
    'golang.org/dl',
    'golang.google.cn/dl',
    'dl.google.com/go',
    'mirrors.aliyun.com/golang',
    'mirrors.ustc.edu.cn/golang',
  ],
  rules: [
    { id: 'release', class: 'versioned', path: 'go1.<rest>.<type:tar.gz|zip|msi|pkg>', source: GO },
  ],
}

const GRADLE = 'https://gradle.org/release-checksums/ (a release is published once)'

export const gradle: Repository = {
  name: 'gradle',
  signing: 'indexed',
  optional: true,
  bytes: {
    madeBy: "Gradle's release builders",
    changedBy: 'nobody after the release',
    verifiedBy: 'the wrapper, where distributionSha256Sum is set',
    source: GRADLE,
  },
  mirrors: [
    'services.gradle.org/distributions',
    'downloads.gradle.org/distributions',
    'mirrors.cloud.tencent.com/gradle',
    'mirrors.aliyun.com/macports/distfiles/gradle',
    'mirrors.huaweicloud.com/gradle',
  ],
  rules: [
    {
      id: 'distribution',
      class: 'versioned',
      path: 'gradle-<rest>-<kind:bin|all|src>.zip',
      source: GRADLE,
    },
  ],
}
