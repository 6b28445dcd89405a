import type { Repository } from './model.ts'

const REGISTRY = 'https://doc.rust-lang.org/cargo/reference/registry-index.html'

export const crates: Repository = {
  name: 'crates',
  signing: 'indexed',
  mirrors: ['static.crates.io/crates', 'mirrors.ustc.edu.cn/crates.io/crates'],
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
