import type { Repository } from './model.ts'

const CHUNKS =
  'https://github.com/lancachenet/monolithic (chunks are shared among all content servers)'

export const steam: Repository = {
  name: 'steam',
  signing: 'indexed',
  optional: true,
  bytes: {
    madeBy: 'Valve',
    changedBy: 'nobody: a chunk is named by the SHA-1 of what is in it',
    verifiedBy: 'the client: the hash of the signed manifest',
    source: CHUNKS,
  },
  mirrors: ['*.steamcontent.com/'],
  rules: [
    { id: 'chunk', class: 'hash', path: 'depot/<depot:digits>/chunk/<hash:hex40>', source: CHUNKS },
  ],
}
