import type { FeatureRow } from '../seam/feature.ts'

/** Every feature: one row each, loaded when its key is configured or its command is called. */
export const FEATURES: readonly FeatureRow[] = [
  {
    name: 'init',
    commands: { init: 'write a commented configuration for this host' },
    load: async () => (await import('./init/index.ts')).feature,
  },
  {
    name: 'simulate',
    commands: { simulate: 'walk a whole boot against the running daemon, without a machine' },
    load: async () => (await import('./simulate/index.ts')).feature,
  },
  {
    name: 'doctor',
    commands: { doctor: 'look for what keeps machines from booting' },
    load: async () => (await import('./doctor/index.ts')).feature,
  },
  {
    name: 'print-units',
    serveOptions: { 'print-units': 'print systemd units that serve without root, and end' },
    load: async () => (await import('./print-units/index.ts')).feature,
  },
  {
    name: 'squid',
    key: 'squid',
    delegates: {
      squid:
        'the same as bootwire-squid, and `squid generate` takes a configuration: StoreID rules for Squid',
    },
    load: async () => (await import('./squid/index.ts')).feature,
  },
  {
    name: 'matchbox',
    key: 'matchbox',
    load: async () => (await import('./matchbox/index.ts')).feature,
  },
  {
    name: 'images',
    key: 'images',
    commands: { images: 'ISO images, what they are, and profiles that boot them' },
    load: async () => (await import('./images/index.ts')).feature,
  },
  {
    name: 'import',
    commands: { import: 'write what another boot server is told as bootwire.yaml' },
    load: async () => (await import('./import/index.ts')).feature,
  },
  {
    name: 'page',
    key: 'page',
    commands: { page: 'a link to the page of the running daemon' },
    load: async () => (await import('./page/index.ts')).feature,
  },
]
