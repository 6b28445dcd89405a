import { isUrl } from './paths.ts'

/** Where the daemon is reached. */
export interface ServerAddress {
  /** IPv4 address that machines are told. */
  readonly address: string
  /** `http://10.0.0.5:8080` */
  readonly base: string
}

/** The URL of a boot file below the assets, or the URL itself. */
export const assetUrl = ({ base }: ServerAddress, name: string): string =>
  isUrl(name)
    ? name
    : `${base}/assets/${name.split('/').filter(Boolean).map(encodeURIComponent).join('/')}`

/** A value of a query, with what needs no encoding left as people write it. */
const queryValue = (value: string): string =>
  encodeURIComponent(value).replaceAll('%3A', ':').replaceAll('%2C', ',')

/** The URL of a script, with a query. */
export const scriptUrl = (
  { base }: ServerAddress,
  query: Readonly<Record<string, string>>,
): string => {
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${queryValue(value)}`,
  )
  return `${base}/script${pairs.length > 0 ? '?' : ''}${pairs.join('&')}`
}
