import { CATALOGUE } from '../catalogue/index.ts'
import { LAYOUTS } from '../catalogue/layouts.ts'
import type { Repository } from '../catalogue/model.ts'
import { snapshotMirrors } from '../catalogue/snapshot.ts'
import { parseMirror } from '../engine/mirror.ts'
import type { Options, OwnRepository, RulesOptions } from './options.ts'

const YOURS: Repository['bytes'] = {
  madeBy: 'you, or a vendor that you chose',
  changedBy: 'whoever may write to one of its mirrors',
  verifiedBy: 'what your clients are set to check',
  source: 'your own word',
}

/** A repository of the user's as the catalogue would have it. */
export const ownRepository = ({
  name,
  mirrors,
  layout,
  rules = [],
  signing,
  mutableWords,
}: OwnRepository): Repository => {
  const known = layout === undefined ? undefined : LAYOUTS[layout]
  return {
    name,
    mirrors,
    signing: signing ?? 'unsigned',
    bytes: YOURS,
    mutableWords: mutableWords ?? known?.mutableWords ?? [],
    rules: [
      ...(known?.rules ?? []),
      ...rules.map((rule) => ({ ...rule, source: 'your own rule' })),
    ],
  }
}

/** The word in `use` that stands for the whole catalogue, what is optional too. */
export const ALL = 'all'

/** The catalogue's repositories that options ask for: all that are not optional, or those that `use` names. */
export const usedOf = ({ use, mirrors = {}, origins = {} }: RulesOptions): Repository[] =>
  CATALOGUE.filter(({ name, optional }) =>
    use === undefined
      ? optional !== true || Object.hasOwn(mirrors, name) || Object.hasOwn(origins, name)
      : use.includes(name) || use.includes(ALL),
  )

/** The mirrors of a repository of the catalogue before the accelerator's and the pinned are added. */
export const mirrorsOf = (
  { mirrors, snapshot }: RulesOptions,
  repository: Repository,
): readonly string[] => [
  ...repository.mirrors,
  ...(snapshot === true ? snapshotMirrors(repository.name) : []),
  ...(mirrors?.[repository.name] ?? []),
]

/** The accelerator's own names are mirrors too: so they share the proxy's copies. */
const siteMirrors = ({ cache }: Options, repository: string): string[] =>
  (cache?.sites ?? [])
    .filter((site) => site.repository === repository)
    .flatMap(({ host, origin }) => {
      const { prefix } = parseMirror(origin)
      return [`${host}/${prefix}`, `${host}:${cache?.sitePort ?? 80}/${prefix}`]
    })

/** A pinned origin is a mirror as well: its own URLs must be found when a client asks for them. */
const originMirrors = ({ origins }: Options, repository: string): string[] => {
  const origin = origins && Object.hasOwn(origins, repository) ? origins[repository] : undefined
  return origin === undefined ? [] : [origin]
}

/** The mirror whose URLs are keys; the stock helper keeps the internal ones, as it cannot spell a name. */
const canonicalOf = (
  { canonical, cache }: Options,
  name: string,
  ofCatalogue: Repository['canonical'],
): Repository['canonical'] => {
  if (canonical === false || cache?.helper === 'stock') return undefined
  const mirror = canonical?.[name]
  if (mirror === undefined) return ofCatalogue
  return { mirror, spelling: ofCatalogue?.spelling ?? 'plain' }
}

const isPresent = <T>(value: T | undefined): value is T => value !== undefined

/** The repositories that options ask for: the user's own first, then the catalogue's with all their mirrors. */
export const resolveRepositories = (options: Options): Repository[] =>
  [
    ...(options.repositories ?? []).map(ownRepository),
    ...usedOf(options).map((each) => ({ ...each, mirrors: mirrorsOf(options, each) })),
  ].map((each) => {
    const { canonical: ofCatalogue, ...repository } = each
    const canonical = canonicalOf(options, repository.name, ofCatalogue)
    return {
      ...repository,
      ...(canonical && { canonical }),
      mirrors: [
        ...repository.mirrors,
        ...siteMirrors(options, repository.name),
        ...originMirrors(options, repository.name),
        ...[canonical?.mirror].filter(isPresent),
      ],
    }
  })
