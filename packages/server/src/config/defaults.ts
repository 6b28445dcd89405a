/** The configuration when none is given: install nothing on anybody, say so, and go on to the local disk. */
export const DEFAULT_YAML = `# Bootwire's embedded configuration: every machine sees its address and boots its local disk.
unknown: { waitSeconds: 10, after: local }
`

export const DEFAULT_SOURCE = 'embedded default'

export const DEFAULT_PORTS = { dhcp: 67, bootServer: 4011, tftp: 69, http: 8080 } as const
