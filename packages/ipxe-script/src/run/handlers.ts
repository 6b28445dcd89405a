import { callCommand } from './execute.ts'
import { CORE } from './handlers-core.ts'
import { IMAGE } from './handlers-image.ts'
import { MACHINE } from './handlers-machine.ts'
import { MENU } from './handlers-menu.ts'
import { NETWORK } from './handlers-network.ts'
import { SETTING } from './handlers-setting.ts'
import type { Handler } from './vm.ts'

/** Prints a digest that no script can read, unless it is asked to store it. From source. */
const digest: Handler = (vm, call) => IMAGE['imgdecrypt']!(vm, call)

/** Runs the command after it; how long that took is not printed. From source. */
const time: Handler = (vm, { rest }) => callCommand(vm, rest)

const DIGESTS = ['md4sum', 'md5sum', 'sha1sum', 'sha224sum', 'sha256sum', 'sha384sum', 'sha512sum']

/** What every command of the table does. */
export const HANDLERS: ReadonlyMap<string, Handler> = /* @__PURE__ */ new Map([
  ...Object.entries({ ...CORE, ...IMAGE, ...SETTING, ...MENU, ...NETWORK, ...MACHINE }),
  ['time', time],
  ...DIGESTS.map((name): [string, Handler] => [name, digest]),
])
