import type { Repository } from './model.ts'

const UNPUBLISH = 'https://docs.npmjs.com/policies/unpublish (a version is never used again)'
const DIFFER =
  'https://github.com/cnpm/cnpmcore/issues/588 (also 371, and medikoo/es5-ext#103): other bytes under one version'

/**
 * A registry that copies another one stores what it got, right or wrong, and keeps it: so each operator is a vendor
 * of its own. Public registries only, by name: a private one may use a public name for another package.
 */
const npmRegistry = (
  name: string,
  operator: string,
  mirrors: readonly string[],
  more: Repository['rules'] = [],
): Repository => ({
  name,
  signing: 'indexed',
  bytes: {
    madeBy: 'whoever publishes; a version is published once',
    changedBy: `${operator}, which stores its own copy`,
    verifiedBy: 'npm, yarn, pnpm: the integrity hash of a lock file, or of the same registry',
    source: DIFFER,
  },
  mirrors,
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
    ...more,
  ],
})

export const npm: Repository = npmRegistry('npm', 'npm', ['*.npmjs.org/'])
export const npmYarn: Repository = npmRegistry('npm-yarnpkg', 'Yarn', ['registry.yarnpkg.com/'])
export const npmTencent: Repository = npmRegistry('npm-tencent', 'Tencent Cloud', [
  'mirrors.cloud.tencent.com/npm',
  'mirrors.tencent.com/npm',
])
export const npmMirror: Repository = npmRegistry(
  'npmmirror',
  'cnpm (npmmirror)',
  ['registry.npmmirror.com/', 'registry.npm.taobao.org/', 'cdn.npmmirror.com/packages'],
  [
    {
      id: 'cdn',
      class: 'versioned',
      path: '<package>/<version>/<file>.tgz',
      source: 'https://npmmirror.com/ (its registry redirects to its CDN)',
    },
    {
      id: 'cdn-scoped',
      class: 'versioned',
      path: '@<scope>/<package>/<version>/<file>.tgz',
      source: 'https://npmmirror.com/ (its registry redirects to its CDN)',
    },
  ],
)
