/**
 * Status codes as iPXE numbers them: the POSIX number in the top byte, then the file that failed, then a PXE code.
 * Those of Debian's build of 2019 were read off the real binary; the file part differs in other builds.
 */
export const STATUS = {
  commandNotFound: 0x2e022001,
  notEqual: 0x46022001,
  notSet: 0x2d02203b,
  noLabel: 0x2d02803b,
  dangling: 0x1c028002,
  promptTimeout: 0x4c22e035,
  wrongKey: 0x0b22e0a0,
  argumentCount: 0x46162001,
  unknownOption: 0x1c162202,
  missingValue: 0x1c162302,
  notAnInteger: 0x1c162102,
  helped: 0x0b1621a0,
  settingUnsupported: 0x3c0c2003,
  deviceSettingUnsupported: 0x3c146003,
  settingInvalid: 0x1c0c2002,
  ipv4Invalid: 0x1c056002,
  ipv6Invalid: 0x1c066002,
  hexInvalid: 0x1c112002,
  base64Invalid: 0x1c102002,
  dnsInvalid: 0x1c116002,
  noBlock: 0x2c0c203b,
  settingRange: 0x460c2001,
  noSetting: 0x2d0c203b,
  noSuchMenu: 0x2d16203b,
  emptyMenu: 0x2d2ce03b,
  menuCancelled: 0x0b2ce0a0,
  readCancelled: 0x0b32e0a0,
  readTimeout: 0x4c32e035,
  loginCancelled: 0x0b17e0a0,
  sleepCancelled: 0x0b0220a0,
  noDevice: 0x2c16203b,
  noConfigurator: 0x3c162003,
  notConfigured: 0x040ee119,
  noImage: 0x2d0ae03b,
  notExecutable: 0x2e0ae001,
  fileNotFound: 0x2d12603b,
  pageNotFound: 0x2d0c613b,
  timedOut: 0x4c126035,
  unreachable: 0x280a6011,
  schemeUnsupported: 0x3c092003,
  bootServer: 0x4c106035,
  diskFailed: 0x1d852039,
  cpuFeature: 0x2d3ac03b,
  noMemory: 0x31022006,
  notInScript: 0x3b028001,
  macInvalid: 0x1c146002,
  nothingToBoot: 0x2d03e13b,
  linkDown: 0x38086193,
  noScope: 0x1c162002,
} as const

/** What iPXE calls the POSIX part of a status. */
const CAUSES: Readonly<Record<number, string>> = {
  0x04: 'Error',
  0x0b: 'Operation canceled',
  0x1c: 'Invalid argument',
  0x1d: 'Input/output error',
  0x28: 'Network unreachable',
  0x2c: 'No such device',
  0x2d: 'No such file or directory',
  0x2e: 'Exec format error',
  0x31: 'Not enough space',
  0x3b: 'Inappropriate I/O control operation',
  0x3c: 'Operation not supported',
  0x46: 'Result too large',
  0x4c: 'Connection timed out',
}

const hex8 = (status: number): string => (status >>> 0).toString(16).padStart(8, '0')

/** The cause alone: `No such file or directory`. */
export const causeOf = (status: number): string => {
  if (status === STATUS.notConfigured) return 'No configuration methods succeeded'
  return CAUSES[status >>> 24] ?? `Error 0x${hex8(status)}`
}

/** The message that iPXE prints for a status. */
export const messageOf = (status: number): string =>
  `${causeOf(status)} (http://ipxe.org/${hex8(status)})`
