/** What a value of Ignition must be, and in which order Go writes the fields of an object. */
export type Shape =
  | 'string'
  | 'int'
  | 'bool'
  /** Always written, empty where it is missing. */
  | 'required string'
  /** Left out where it is 0 or empty. */
  | 'nonzero int'
  | 'nonempty string'
  | { readonly list: Shape }
  | { readonly object: readonly Field[] }

export type Field = readonly [name: string, shape: Shape]

const list = (shape: Shape): Shape => ({ list: shape })
const object = (...fields: readonly Field[]): Shape => ({ object: fields })

const VERIFICATION = object(['hash', 'string'])
const RESOURCE = object(
  ['compression', 'string'],
  ['httpHeaders', list(object(['name', 'required string'], ['value', 'string']))],
  ['source', 'string'],
  ['verification', VERIFICATION],
)
const OWNER = object(['id', 'int'], ['name', 'string'])
const NODE: readonly Field[] = [
  ['group', OWNER],
  ['overwrite', 'bool'],
  ['path', 'required string'],
  ['user', OWNER],
]
const STRINGS = list('required string')

const IGNITION = object(
  ['config', object(['merge', list(RESOURCE)], ['replace', RESOURCE])],
  ['proxy', object(['httpProxy', 'string'], ['httpsProxy', 'string'], ['noProxy', STRINGS])],
  ['security', object(['tls', object(['certificateAuthorities', list(RESOURCE)])])],
  ['timeouts', object(['httpResponseHeaders', 'int'], ['httpTotal', 'int'])],
  ['version', 'required string'],
)

const GROUP = object(
  ['gid', 'int'],
  ['name', 'required string'],
  ['passwordHash', 'string'],
  ['shouldExist', 'bool'],
  ['system', 'bool'],
)
const USER = object(
  ['gecos', 'string'],
  ['groups', STRINGS],
  ['homeDir', 'string'],
  ['name', 'required string'],
  ['noCreateHome', 'bool'],
  ['noLogInit', 'bool'],
  ['noUserGroup', 'bool'],
  ['passwordHash', 'string'],
  ['primaryGroup', 'string'],
  ['sshAuthorizedKeys', STRINGS],
  ['shell', 'string'],
  ['shouldExist', 'bool'],
  ['system', 'bool'],
  ['uid', 'int'],
)

const PARTITION = object(
  ['guid', 'string'],
  ['label', 'string'],
  ['number', 'nonzero int'],
  ['resize', 'bool'],
  ['shouldExist', 'bool'],
  ['sizeMiB', 'int'],
  ['startMiB', 'int'],
  ['typeGuid', 'string'],
  ['wipePartitionEntry', 'bool'],
)
const DISK = object(
  ['device', 'required string'],
  ['partitions', list(PARTITION)],
  ['wipeTable', 'bool'],
)
const FILE = object(...NODE, ['append', list(RESOURCE)], ['contents', RESOURCE], ['mode', 'int'])
const FILESYSTEM = object(
  ['device', 'required string'],
  ['format', 'string'],
  ['label', 'string'],
  ['mountOptions', STRINGS],
  ['options', STRINGS],
  ['path', 'string'],
  ['uuid', 'string'],
  ['wipeFilesystem', 'bool'],
)
const CLEVIS = object(
  ['custom', object(['config', 'string'], ['needsNetwork', 'bool'], ['pin', 'string'])],
  [
    'tang',
    list(object(['advertisement', 'string'], ['thumbprint', 'string'], ['url', 'nonempty string'])),
  ],
  ['threshold', 'int'],
  ['tpm2', 'bool'],
)
const LUKS = object(
  ['clevis', CLEVIS],
  ['device', 'string'],
  ['discard', 'bool'],
  ['keyFile', RESOURCE],
  ['label', 'string'],
  ['name', 'required string'],
  ['openOptions', STRINGS],
  ['options', STRINGS],
  ['uuid', 'string'],
  ['wipeVolume', 'bool'],
)
const RAID = object(
  ['devices', STRINGS],
  ['level', 'string'],
  ['name', 'required string'],
  ['options', STRINGS],
  ['spares', 'int'],
)
const UNIT = object(
  ['contents', 'string'],
  ['dropins', list(object(['contents', 'string'], ['name', 'required string']))],
  ['enabled', 'bool'],
  ['mask', 'bool'],
  ['name', 'required string'],
)

/** Ignition 3.4.0: github.com/coreos/ignition, config/v3_4/types/schema.go. */
export const CONFIG: Shape = object(
  ['ignition', IGNITION],
  ['kernelArguments', object(['shouldExist', STRINGS], ['shouldNotExist', STRINGS])],
  ['passwd', object(['groups', list(GROUP)], ['users', list(USER)])],
  [
    'storage',
    object(
      ['directories', list(object(...NODE, ['mode', 'int']))],
      ['disks', list(DISK)],
      ['files', list(FILE)],
      ['filesystems', list(FILESYSTEM)],
      ['links', list(object(...NODE, ['hard', 'bool'], ['target', 'string']))],
      ['luks', list(LUKS)],
      ['raid', list(RAID)],
    ),
  ],
  ['systemd', object(['units', list(UNIT)])],
)
