import { debian, debianSecurity, raspbian, ubuntu, ubuntuPorts } from './deb.ts'
import type { Archive, Pair } from './model.ts'
import { alpine, arch, crates, go, npm, oci, pypi } from './other.ts'
import { createRandom } from './random.ts'
import { alma, buildlogs, centos, epel, fedora, opensuse, rocky, stream } from './rpm.ts'

export type { Pair } from './model.ts'

/** Written from the archives' own listings and knowing nothing of the catalogue that it judges. */
export const ARCHIVES: readonly Archive[] = [
  rocky,
  alma,
  stream,
  centos,
  buildlogs,
  fedora,
  epel,
  opensuse,
  debian,
  debianSecurity,
  ubuntu,
  ubuntuPorts,
  raspbian,
  arch,
  alpine,
  pypi,
  npm,
  crates,
  go,
  oci,
]

/**
 * Makes URLs and the hash of what each serves, about `count` of them, the same for the same count.
 * Traps come with every archive; see the comments there.
 * @yields a pair
 */
export const corpus = function* (count: number): Generator<Pair> {
  const perArchive = Math.ceil(count / ARCHIVES.length)
  for (const [index, { bases, files }] of ARCHIVES.entries()) {
    // Builds of the rebuilt distributions have the same names: the seed is the same for them.
    const random = createRandom(index < 3 ? 1 : index + 1)
    for (let made = 0, number = 0; made < perArchive; number++) {
      for (const { bytes, size, paths, moves = false } of files(random, number)) {
        for (const [which, base] of bases.entries()) {
          // Two mirrors of each archive lag behind.
          const hash = moves ? `${bytes} ${which < 2 ? 'yesterday' : 'today'}` : bytes
          for (const path of paths) {
            made++
            yield { url: `${base}/${path}`, hash, size, moves }
          }
        }
      }
    }
  }
}
