import { CATALOGUE } from '../catalogue/index.ts'
import { LAYOUTS } from '../catalogue/layouts.ts'
import type { Repository } from '../catalogue/model.ts'
import { snapshotMirrors } from '../catalogue/snapshot.ts'
import { parseMirror } from '../engine/mirror.ts'
import type { Options, OwnRepository } from './options.ts'

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
    mutableWords: mutableWords ?? known?.mutableWords ?? [],
    rules: [
      ...(known?.rules ?? []),
      ...rules.map((rule) => ({ ...rule, source: 'your own rule' })),
    ],
  }
}

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

/** The repositories that options ask for: the user's own first, then the catalogue's with all their mirrors. */
export const resolveRepositories = (options: Options): Repository[] => [
  ...(options.repositories ?? []).map((own) => {
    const repository = ownRepository(own)
    return {
      ...repository,
      mirrors: [
        ...own.mirrors,
        ...siteMirrors(options, own.name),
        ...originMirrors(options, own.name),
      ],
    }
  }),
  ...CATALOGUE.filter(({ name }) => options.use?.includes(name) ?? true).map((repository) => ({
    ...repository,
    mirrors: [
      ...repository.mirrors,
      ...(options.snapshot === false ? [] : snapshotMirrors(repository.name)),
      ...(options.mirrors?.[repository.name] ?? []),
      ...siteMirrors(options, repository.name),
      ...originMirrors(options, repository.name),
    ],
  })),
]
