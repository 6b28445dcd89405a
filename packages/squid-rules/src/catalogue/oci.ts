import type { Repository } from './model.ts'

const SPEC = 'https://github.com/opencontainers/distribution-spec/blob/main/spec.md'

/** Blobs of public registries. A request with Authorization never gets here: a shared hit would skip the check. */
export const oci: Repository = {
  name: 'oci',
  signing: 'indexed',
  mirrors: [
    '*.docker.io/',
    'mirror.gcr.io/',
    'quay.io/',
    'ghcr.io/',
    'registry.k8s.io/',
    'public.ecr.aws/',
  ],
  rules: [
    {
      id: 'manifest',
      class: 'mutable',
      path: 'v2/<name:path>/manifests/<reference>',
      source: SPEC,
    },
    { id: 'tags', class: 'mutable', path: 'v2/<name:path>/tags/list', source: SPEC },
    {
      id: 'blob',
      class: 'hash',
      path: 'v2/<name:path>/blobs/sha256:<hash:hex64>',
      key: 'sha256/<hash>',
      source: SPEC,
    },
  ],
}
