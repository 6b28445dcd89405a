import type { Mirror } from '../engine/mirror.ts'

const bare = (host: string): string => host.replace(/:\d+$/, '')

/**
 * Hosts as `dstdomain` wants them: `.debian.org` stands for the domain and all below it, and Squid complains about
 * a host that a domain of the list already covers.
 */
export const toDstdomain = (
  mirrors: readonly Pick<Mirror, 'host' | 'includeSubdomains'>[],
): string[] => {
  const domains = new Set(
    mirrors.flatMap(({ host, includeSubdomains }) => (includeSubdomains ? [bare(host)] : [])),
  )
  const isCovered = (host: string, itself: boolean): boolean => {
    for (let at = itself ? host.indexOf('.') : -1; ; at = host.indexOf('.', at + 1)) {
      if (domains.has(host.slice(at + 1))) return true
      if (host.indexOf('.', at + 1) < 0) return false
    }
  }
  const hosts = new Set(
    mirrors.flatMap(({ host, includeSubdomains }) => (includeSubdomains ? [] : [bare(host)])),
  )
  return [
    ...[...domains]
      .filter((domain) => !domain.includes('.') || !isCovered(domain, true))
      .map((domain) => `.${domain}`),
    ...[...hosts].filter((host) => !isCovered(host, false)),
  ].toSorted()
}
