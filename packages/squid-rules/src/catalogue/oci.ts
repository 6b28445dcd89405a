import type { Repository } from './model.ts'

const SPEC = 'https://github.com/opencontainers/distribution-spec/blob/main/spec.md'

/**
 * Blobs of public registries. A request with Authorization never gets here: a shared hit would skip the check. Most
 * registries want a token and answer with a signed URL, whose query keeps it from a key: little is shared in practice.
 */
export const oci: Repository = {
  name: 'oci',
  signing: 'indexed',
  bytes: {
    madeBy: 'whoever pushes',
    changedBy: 'nobody: the name is the SHA-256 of the bytes',
    verifiedBy: 'every client: the digest that it asked for',
    source: SPEC,
  },
  mirrors: [
    '*.docker.io/',
    'gcr.io/',
    '*.gcr.io/',
    '*.pkg.dev/',
    'quay.io/',
    'ghcr.io/',
    'registry.k8s.io/',
    'public.ecr.aws/',
    'mcr.microsoft.com/',
    'nvcr.io/',
    'registry.gitlab.com/',
    'registry.access.redhat.com/',
    'registry.redhat.io/',
    'registry.fedoraproject.org/',
    'registry.opensuse.org/',
    'docker.elastic.co/',
    'cgr.dev/',
    'lscr.io/',
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
