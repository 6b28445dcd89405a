import type { Repository } from './model.ts'

const CACHE = 'https://opam.ocaml.org/doc/Manual.html (archive-mirrors: a path by hash)'

export const opam: Repository = {
  name: 'opam',
  signing: 'indexed',
  optional: true,
  bytes: {
    madeBy: 'upstream projects',
    changedBy: 'nobody: the path is the hash of the file',
    verifiedBy: 'opam: the hash of the package definition',
    source: CACHE,
  },
  mirrors: [
    'opam.ocaml.org/cache',
    'mirrors.sjtug.sjtu.edu.cn/opam-cache',
    'mirror.sjtu.edu.cn/opam-cache',
  ],
  rules: [
    { id: 'sha256', class: 'hash', path: 'sha256/<bucket:hex2>/<hash:hex64>', source: CACHE },
    { id: 'sha512', class: 'hash', path: 'sha512/<bucket:hex2>/<hash:hex128>', source: CACHE },
  ],
}
