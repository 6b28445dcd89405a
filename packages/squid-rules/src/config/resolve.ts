import { CATALOGUE } from '../catalogue/index.ts'
import type { Repository } from '../catalogue/model.ts'
import { snapshotMirrors } from '../mirrors/snapshot.ts'
import { LAYOUTS } from './layouts.ts'
import type { OwnRepository, RulesOptions } from './options.ts'

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

/** The repositories that options ask for: the user's own first, then the catalogue's with all their mirrors. */
export const resolveRepositories = (options: RulesOptions): Repository[] => [
  ...(options.repositories ?? []).map(ownRepository),
  ...CATALOGUE.filter(({ name }) => options.use?.includes(name) ?? true).map((repository) => ({
    ...repository,
    mirrors: [
      ...repository.mirrors,
      ...(options.snapshot === false ? [] : snapshotMirrors(repository.name)),
      ...(options.mirrors?.[repository.name] ?? []),
    ],
  })),
]
