import type { SquidBuild } from '../squid-build.ts'
import { finding, type DoctorFinding } from './finding.ts'

export const fromBuild = ({ version, tls }: SquidBuild): DoctorFinding[] =>
  tls === 'openssl'
    ? []
    : [
        finding(
          'tls',
          'warning',
          `Squid ${version} was built ${tls === 'none' ? 'without TLS' : 'with GnuTLS'}: https origins fail with TLS 1.3 and nothing is verified; apt install squid-openssl`,
        ),
      ]
