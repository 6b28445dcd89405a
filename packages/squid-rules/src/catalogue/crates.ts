import type { Repository } from './model.ts'

const REGISTRY = 'https://doc.rust-lang.org/cargo/reference/registry-index.html'

export const crates: Repository = {
  name: 'crates',
  signing: 'indexed',
  bytes: {
    madeBy: 'whoever publishes; a version is published once and can only be yanked',
    changedBy: 'nobody: crates.io keeps the SHA-256 of each file in its index',
    verifiedBy:
      'cargo: the SHA-256 of the index and of Cargo.lock, whatever host the file came from',
    source: 'https://doc.rust-lang.org/cargo/reference/publishing.html',
  },
  mirrors: [
    'static.crates.io/crates',
    'crates.io/api/v1/crates',
    'mirrors.ustc.edu.cn/crates.io/crates',
  ],
  rules: [
    { id: 'file', class: 'versioned', path: '<crate>/<file>.crate', source: REGISTRY },
    {
      // The other name that the same server gives the same file.
      id: 'download',
      class: 'versioned',
      path: '<crate>/<version>/download',
      key: '<crate>/<crate>-<version>.crate',
      sameAs: 'file',
      source: REGISTRY,
    },
  ],
}
