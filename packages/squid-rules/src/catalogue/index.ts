import { almalinux } from './almalinux.ts'
import { alpine } from './alpine.ts'
import { arch } from './arch.ts'
import { centos, centosAltarch, centosBuildlogs, centosStream } from './centos.ts'
import { crates } from './crates.ts'
import { debian, debianBackports, debianPorts, debianSecurity } from './debian.ts'
import { epel } from './epel.ts'
import { fedora, fedoraSecondary } from './fedora.ts'
import { go } from './go.ts'
import type { Repository } from './model.ts'
import { npm } from './npm.ts'
import { oci } from './oci.ts'
import { opensuse } from './opensuse.ts'
import { pypi } from './pypi.ts'
import { raspberryPi, raspbian } from './raspbian.ts'
import { rocky } from './rocky.ts'
import { ubuntu, ubuntuPorts } from './ubuntu.ts'

/** Every repository that this package knows, in the order in which their rules are tried. */
export const CATALOGUE: readonly Repository[] = [
  debian,
  ubuntu,
  rocky,
  almalinux,
  centosStream,
  centos,
  fedora,
  epel,
  opensuse,
  arch,
  alpine,
  debianSecurity,
  ubuntuPorts,
  raspbian,
  raspberryPi,
  debianPorts,
  debianBackports,
  centosAltarch,
  centosBuildlogs,
  fedoraSecondary,
  pypi,
  npm,
  crates,
  go,
  oci,
]
