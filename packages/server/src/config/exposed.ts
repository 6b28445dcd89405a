import type { ConfigHost, Findings, Path } from '../model/issues.ts'

/** A file or folder that nobody in the machines' network may read. */
export interface Guarded {
  readonly what: string
  readonly path: string
  /** Where the configuration names it. */
  readonly at: Path
}

/** Finds what lies below the assets, which anybody may read by HTTP and TFTP, though it holds secrets. */
export const checkExposed = (
  assets: string,
  guarded: readonly Guarded[],
  host: ConfigHost,
  findings: Findings,
): void => {
  const folder = `${host.realPath(assets)}/`
  for (const { what, path, at } of guarded) {
    const real = host.realPath(path)
    if (!`${real}/`.startsWith(folder)) continue
    const why = `${what} ${path} lies below the assets folder ${assets}, so that anybody could read it; move one of them`
    findings.add('exposed', at, why)
  }
}
