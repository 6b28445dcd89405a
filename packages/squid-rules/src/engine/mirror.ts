import { SquidRulesError } from '../errors.ts'

/** Where a mirror keeps a repository. */
export interface Mirror {
  /** Lower case, with its port where it has one of its own. */
  readonly host: string
  /** Whether every host below `host` counts as well. */
  readonly includeSubdomains: boolean
  /** The path below which the repository begins, without slashes at its ends; empty for the host's root. */
  readonly prefix: string
}

const MIRROR =
  /^(?:https?:\/\/)?(\*\.)?([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?)((?:\/[A-Za-z0-9_~+:^=,@!-][A-Za-z0-9._~+:^=,@!-]*)*)\/*$/

/** @throws {SquidRulesError} `ERR_SQUID_MIRROR` */
export const parseMirror = (text: string): Mirror => {
  const match = MIRROR.exec(text)
  const host = match?.[2]?.toLowerCase() ?? ''
  if (!match || host.includes('..') || (match[1] !== undefined && !host.includes('.'))) {
    throw new SquidRulesError(
      'ERR_SQUID_MIRROR',
      `mirror "${text}" is not host/prefix, host:port/prefix or *.domain/prefix with a prefix of A-Za-z0-9._~+:^=,@!- segments`,
    )
  }
  // Squid drops a scheme's own port before it asks the helper.
  return {
    host: host.replace(/:80$|:443$/, ''),
    includeSubdomains: match[1] !== undefined,
    prefix: (match[3] ?? '').slice(1),
  }
}

/** The mirror as it was written, less what does not matter. */
export const mirrorText = ({ host, includeSubdomains, prefix }: Mirror): string =>
  `${includeSubdomains ? '*.' : ''}${host}/${prefix}`
