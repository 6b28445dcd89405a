import type { Repository } from './model.ts'
import { signedRpms, YUM_INDEX, YUM_MOVING_TREE } from './yum.ts'

const LAYOUT = 'https://yum.oracle.com/repo/OracleLinux/OL9/ (directory listing)'

/** RHEL built again by Oracle; `latest/` is the name of a repository here. */
export const oracle: Repository = {
  name: 'oracle',
  signing: 'signed',
  bytes: signedRpms('Oracle Linux', 'https://linux.oracle.com/security/gpg/'),
  mirrors: ['yum.oracle.com/repo', '*.oci.oraclecloud.com/repo'],
  knownAs: ['oracle', 'oraclelinux'],
  mutableWords: ['-latest-', '-latest.', '-current.'],
  rules: [
    ...YUM_INDEX,
    ...YUM_MOVING_TREE,
    {
      id: 'package',
      class: 'versioned',
      path: 'OracleLinux/<release>/<dir:path>/getPackage/<file>.rpm',
      source: LAYOUT,
    },
  ],
}
