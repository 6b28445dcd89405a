import type { Repository } from './model.ts'

const UNPUBLISH = 'https://docs.npmjs.com/policies/unpublish (a version is never used again)'

/** Public registries only, by name: a private one may use a public name for another package. */
export const npm: Repository = {
  name: 'npm',
  signing: 'indexed',
  mirrors: ['*.npmjs.org/', 'registry.yarnpkg.com/', 'registry.npmmirror.com/'],
  rules: [
    { id: 'packument', class: 'mutable', path: '<package>', source: UNPUBLISH },
    { id: 'packument-scoped', class: 'mutable', path: '@<scope>/<package>', source: UNPUBLISH },
    { id: 'service', class: 'mutable', path: '-/<rest:path>', source: UNPUBLISH },
    { id: 'tarball', class: 'versioned', path: '<package>/-/<file>.tgz', source: UNPUBLISH },
    {
      id: 'tarball-scoped',
      class: 'versioned',
      path: '<scope>/<package>/-/<file>.tgz',
      source: UNPUBLISH,
    },
  ],
}
