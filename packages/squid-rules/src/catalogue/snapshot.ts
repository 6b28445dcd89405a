import data from './snapshot.json' with { type: 'json' }

/** The mirrors that come with this package: prefixes and their hosts, by repository. */
export interface Snapshot {
  /** The day it was taken and reviewed, ISO 8601. */
  readonly taken: string
  /** What the review left out. */
  readonly review: string
  /** Where the mirrors of each repository are written down. */
  readonly sources: Readonly<Record<string, string>>
  readonly repositories: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

export const SNAPSHOT: Snapshot = data

/** The snapshot's mirrors of one repository as `host/prefix`. */
export const snapshotMirrors = (repository: string): string[] =>
  Object.entries(SNAPSHOT.repositories[repository] ?? {}).flatMap(([prefix, hosts]) =>
    hosts.map((host) => `${host}/${prefix}`),
  )
