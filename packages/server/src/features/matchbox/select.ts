import type { Labels } from './query.ts'
import type { Group } from './records.ts'

/** Selectors as one text: what counts among groups that have equally many. */
const rankOf = ({ selector }: Group): string =>
  [...selector]
    .map(([key, value]) => Buffer.from(`${key}=${value}`).toString('latin1'))
    .toSorted()
    .join(',')

/** Groups in the order in which they are tried: more selectors first, then the greater text. */
const inOrder = (groups: readonly Group[]): readonly Group[] =>
  groups
    .map((group) => ({ group, size: group.selector.size, rank: rankOf(group) }))
    .toSorted((a, b) => b.size - a.size || (a.rank < b.rank ? 1 : a.rank > b.rank ? -1 : 0))
    .map(({ group }) => group)

/** A label that is missing is empty. */
const matches = ({ selector }: Group, labels: Labels): boolean =>
  [...selector].every(([key, value]) => (labels.get(key) ?? '') === value)

/** The first group whose selectors all equal the labels. */
export const selectGroup = (groups: readonly Group[], labels: Labels): Group | undefined =>
  inOrder(groups).find((group) => matches(group, labels))
