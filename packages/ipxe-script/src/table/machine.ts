/** SAN drives, the machine, its hardware and security. See `./spec.ts` for the fields. */
export const machineCommands = {
  sanboot: {
    summary: 'Boots a SAN drive, or a local one when no URI is given',
    args: ['uri*'],
    options: {
      drive: { short: 'd', value: 'int' },
      'no-describe': { short: 'n', value: 'flag' },
      keep: { short: 'k', value: 'flag' },
      filename: { short: 'f', value: 'string' },
      extra: { short: 'e', value: 'string', on: 'BES' },
      label: { short: 'l', value: 'string', on: 'BES' },
      uuid: { short: 'u', value: 'string', on: 'BES' },
    },
  },
  sanhook: {
    summary: 'Attaches a SAN drive; several URIs are paths to the same drive',
    args: ['uri', 'uri*'],
    options: {
      drive: { short: 'd', value: 'int' },
      'no-describe': { short: 'n', value: 'flag' },
    },
  },
  sanunhook: {
    summary: 'Detaches a SAN drive',
    args: [],
    options: {
      drive: { short: 'd', value: 'int' },
    },
  },
  reboot: {
    summary: 'Restarts the machine',
    args: [],
    options: {
      warm: { short: 'w', value: 'flag' },
      setup: { short: 's', value: 'flag', on: 'BES' },
    },
  },
  poweroff: {
    summary: 'Switches the machine off',
    args: [],
    on: 'BES',
  },
  cpuid: {
    summary: 'Succeeds if the processor has a feature bit',
    args: ['int'],
    options: {
      ext: { short: 'e', value: 'flag' },
      amd: { short: 'a', value: 'flag' },
      ecx: { short: 'c', value: 'flag' },
    },
  },
  pciscan: {
    summary: 'Steps to the next PCI device; fails after the last',
    args: ['setting'],
    on: 'ES',
  },
  usbscan: {
    summary: 'Steps to the next USB device; fails after the last',
    args: ['setting'],
    on: 'ES',
  },
  sync: {
    summary: 'Waits for pending operations',
    args: [],
    options: {
      timeout: { short: 't', value: 'ms' },
    },
  },
  console: {
    summary: 'Sets the console mode and picture; bare, it resets the console',
    args: [],
    options: {
      x: { short: 'x', value: 'int' },
      y: { short: 'y', value: 'int' },
      left: { short: 'l', value: 'int' },
      right: { short: 'r', value: 'int' },
      top: { short: 't', value: 'int' },
      bottom: { short: 'b', value: 'int' },
      depth: { short: 'd', value: 'int' },
      picture: { short: 'p', value: 'string' },
      keep: { short: 'k', value: 'flag' },
    },
    on: 'ES',
  },
  colour: {
    summary: 'Redefines a colour',
    args: ['int'],
    options: {
      basic: { short: 'b', value: 'int' },
      rgb: { short: 'r', value: 'int' },
    },
    on: 'ES',
  },
  cpair: {
    summary: 'Redefines a pair of colours',
    args: ['int'],
    options: {
      foreground: { short: 'f', value: 'int' },
      background: { short: 'b', value: 'int' },
    },
    on: 'ES',
  },
  certstat: {
    summary: 'Lists certificates',
    args: [],
    options: {
      subject: { short: 's', value: 'string' },
    },
    on: 'ES',
  },
  certfree: {
    summary: 'Discards certificates',
    args: [],
    options: {
      subject: { short: 's', value: 'string' },
    },
    on: 'ES',
  },
  certstore: {
    summary: 'Stores a certificate; it does not become trusted by that',
    args: ['image?'],
    options: {
      subject: { short: 's', value: 'string' },
      keep: { short: 'k', value: 'flag' },
    },
    on: 'ES',
  },
  time: {
    summary: 'Runs one command and prints how long it took',
    args: ['command*'],
    on: '',
  },
  profstat: {
    summary: 'Prints profiling statistics',
    args: [],
    on: '',
  },
  gdbstub: {
    summary: 'Starts the debugger stub',
    args: ['text', 'text*'],
    on: '',
  },
  startpxe: {
    summary: 'Starts the PXE stack of an interface',
    args: ['net*'],
    on: '',
  },
  stoppxe: {
    summary: 'Stops the PXE stack',
    args: [],
    on: '',
  },
} as const
