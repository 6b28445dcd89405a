/** Settings, menus, forms and request parameters. See `./spec.ts` for the fields. */
export const settingCommands = {
  set: {
    summary: 'Sets a setting to its arguments, joined by single spaces; nothing deletes it',
    args: ['setting', 'text*'],
  },
  clear: {
    summary: 'Deletes a setting; succeeds also if there is none',
    args: ['setting'],
    fails: 'never',
  },
  read: {
    summary: 'Lets the person at the console edit a setting; Ctrl-C fails',
    args: ['setting'],
    options: {
      timeout: { short: 't', value: 'ms', on: 'BES' },
    },
  },
  inc: {
    summary: 'Adds to a numeric setting, one unless told otherwise',
    args: ['existing', 'int?'],
  },
  show: {
    summary: 'Prints a setting with its type and origin; fails if it is not set',
    args: ['existing'],
    options: {
      quiet: { short: 'q', value: 'flag', on: 'be' },
    },
  },
  config: {
    summary: 'Opens the interactive editor of settings',
    args: ['scope?'],
  },
  menu: {
    summary: 'Begins a menu and replaces one of the same name',
    args: ['text*'],
    options: {
      name: { short: 'n', value: 'string' },
      delete: { short: 'd', value: 'flag' },
    },
    fails: 'never',
  },
  form: {
    summary: 'Begins a form and replaces one of the same name',
    args: ['text*'],
    options: {
      name: { short: 'n', value: 'string' },
      delete: { short: 'd', value: 'flag' },
    },
    on: 'BES',
    fails: 'never',
  },
  item: {
    summary: 'Adds an entry to a menu or form; no name makes a separator',
    args: ['name?', 'text*'],
    options: {
      menu: { short: 'm', value: 'string' },
      form: { short: 'f', value: 'string', on: 'BES' },
      key: { short: 'k', value: 'key' },
      default: { short: 'd', value: 'flag' },
      secret: { short: 's', value: 'flag', on: 'BES' },
      gap: { short: 'g', value: 'flag' },
    },
  },
  choose: {
    summary: 'Shows a menu and stores the chosen name; Escape and Ctrl-C fail',
    args: ['setting'],
    options: {
      menu: { short: 'm', value: 'string' },
      default: { short: 'd', value: 'string' },
      timeout: { short: 't', value: 'ms' },
      retimeout: { short: 'r', value: 'ms', on: 'BES' },
      keep: { short: 'k', value: 'flag' },
    },
  },
  present: {
    summary: 'Shows a form; every item sets the setting of its name',
    args: [],
    options: {
      form: { short: 'f', value: 'string' },
      keep: { short: 'k', value: 'flag' },
    },
    on: 'BES',
  },
  login: {
    summary: 'Asks for username and password and sets both',
    args: [],
  },
  params: {
    summary: 'Begins a list of request parameters',
    args: [],
    options: {
      name: { short: 'n', value: 'string' },
      method: { short: 'm', value: 'string', on: 'e' },
      delete: { short: 'd', value: 'flag' },
    },
    on: 'ES',
    fails: 'never',
  },
  param: {
    summary: 'Adds a parameter, or a header, to a list',
    args: ['text', 'text*'],
    options: {
      params: { short: 'p', value: 'string' },
      header: { short: 'H', value: 'flag' },
    },
    on: 'ES',
  },
} as const
