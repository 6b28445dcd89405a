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
