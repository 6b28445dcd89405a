import { parseMirror } from '../engine/mirror.ts'
import type { Settings } from '../options/cache-defaults.ts'
import { VERSIONS } from '../options/squid-versions.ts'

/** The certificate must be for the origin's own name, whatever site asks for it. */
const peerTls = (word: string, verify: boolean | undefined, caFile: string | undefined): string =>
  [
    ` ${word}`,
    ...(caFile === undefined ? [] : [`${word === 'ssl' ? 'sslcafile' : 'tls-cafile'}=${caFile}`]),
    ...(verify === false ? [`${word}flags=DONT_VERIFY_PEER`.replace('tlsflags', 'tls-flags')] : []),
  ].join(' ')

/** The accelerator: names of your own, each fetched from one origin, in the same cache as the proxy's. */
export const siteLines = ({ sites, sitePort, version, tlsCaFile }: Settings): string[] => {
  const [first] = sites
  if (!first) return []
  return [
    `http_port ${sitePort} accel vhost defaultsite=${first.host}`,
    `acl bootwire_sites dstdomain -n ${sites.map(({ host }) => host).join(' ')}`,
    ...sites.flatMap(({ host, origin, verify }, i) => {
      const secure = origin.startsWith('https://')
      const [name, port = secure ? '443' : '80'] = parseMirror(origin).host.split(':')
      const tls = secure ? peerTls(VERSIONS[version].peerTls, verify, tlsCaFile) : ''
      return [
        `cache_peer ${name} parent ${port} 0 no-query no-digest originserver name=bootwire_site_${i + 1} forceddomain=${name}${tls}`,
        `acl bootwire_site_${i + 1} dstdomain -n ${host}`,
        `cache_peer_access bootwire_site_${i + 1} allow bootwire_site_${i + 1}`,
        `cache_peer_access bootwire_site_${i + 1} deny all`,
      ]
    }),
    'never_direct allow bootwire_sites',
  ]
}
