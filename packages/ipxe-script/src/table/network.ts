/** Network interfaces. See `./spec.ts` for the fields. */
export const networkCommands = {
  ifopen: {
    summary: 'Opens network interfaces; the status is that of the last one',
    args: ['net*'],
  },
  ifclose: {
    summary: 'Closes network interfaces',
    args: ['net*'],
  },
  ifstat: {
    summary: 'Prints the state of network interfaces',
    args: ['net*'],
    fails: 'never',
  },
  ifconf: {
    summary: 'Configures interfaces; stops at the first that works',
    args: ['net*'],
    options: {
      configurator: { short: 'c', value: 'string' },
      timeout: { short: 't', value: 'ms', on: 'BES' },
    },
  },
  dhcp: {
    like: 'ifconf',
    summary: 'Same as ifconf',
  },
  iflinkwait: {
    summary: 'Waits until interfaces have a link',
    args: ['net*'],
    options: {
      timeout: { short: 't', value: 'ms' },
    },
    on: 'BES',
  },
  autoboot: {
    summary: 'Boots from the network as without a script',
    args: ['net*'],
  },
  route: {
    summary: 'Prints the routes',
    args: [],
    fails: 'never',
  },
  pxebs: {
    summary: 'Asks a PXE boot server for a boot file: interface, type',
    args: ['net', 'int'],
  },
  vcreate: {
    summary: 'Creates a VLAN interface, as net0-24',
    args: ['net'],
    options: {
      tag: { short: 't', value: 'int' },
      priority: { short: 'p', value: 'int' },
    },
    on: 'ES',
  },
  vdestroy: {
    summary: 'Removes a VLAN interface',
    args: ['net'],
    on: 'ES',
  },
  nslookup: {
    summary: 'Resolves a name and stores the address',
    args: ['setting', 'text'],
    on: '',
  },
  ntp: {
    summary: 'Sets the clock from a time server',
    args: ['text'],
    on: 'ES',
  },
  ping: {
    summary: 'Pings a host; for ever without a count',
    args: ['text'],
    options: {
      size: { short: 's', value: 'int' },
      timeout: { short: 't', value: 'ms' },
      count: { short: 'c', value: 'int' },
      quiet: { short: 'q', value: 'flag' },
    },
    on: '',
  },
  nstat: {
    summary: 'Prints the neighbour table',
    args: [],
    on: '',
  },
  ipstat: {
    summary: 'Prints IP statistics',
    args: [],
    on: '',
  },
  lotest: {
    summary: 'Tests loopback between two interfaces',
    args: ['net', 'net'],
    options: {
      mtu: { short: 'm', value: 'int' },
      broadcast: { short: 'b', value: 'flag' },
    },
    on: '',
  },
  iwstat: {
    summary: 'Prints the state of wireless interfaces',
    args: ['net*'],
    on: 'DBE',
  },
  iwlist: {
    summary: 'Lists wireless networks',
    args: ['net*'],
    on: 'DBE',
  },
  ibstat: {
    summary: 'Prints the state of Infiniband devices',
    args: [],
    on: 'DBE',
  },
  fcstat: {
    summary: 'Prints the state of Fibre Channel ports (builds with such drivers)',
    args: [],
    on: '',
  },
  fcels: {
    summary: 'Sends a Fibre Channel link service (builds with such drivers)',
    args: ['text'],
    options: {
      port: { short: 'p', value: 'string' },
      id: { short: 'i', value: 'string' },
    },
    on: '',
  },
} as const
