import { ServerError } from '../model/errors.ts'
import { normalizeMac } from '../model/facts.ts'
import { askDaemon, findDaemon, REMOTE_OPTIONS, REMOTE_USAGE } from './remote.ts'
import { readOptions } from './usage.ts'

export const NEXT_USAGE: string = `bootwire next --mac MAC --profile NAME [options]

Boots a profile at the machine's next boot, and only then.

${REMOTE_USAGE}`

export const FORGET_USAGE: string = `bootwire forget --mac MAC [options]

Forgets that a machine is installed: a profile with \`once\` installs it again.

${REMOTE_USAGE}`

const OPTIONS = { ...REMOTE_OPTIONS, mac: { type: 'string' }, profile: { type: 'string' } } as const

const change = async (action: 'next' | 'forget', args: readonly string[]): Promise<number> => {
  const values = readOptions(args, OPTIONS)
  const mac = normalizeMac(values.mac ?? '')
  if (mac === undefined)
    throw new ServerError('ERR_SERVER_USAGE', `${action} needs --mac 52:54:00:12:34:56`)
  if (action === 'next' && values.profile === undefined)
    throw new ServerError('ERR_SERVER_USAGE', 'next needs --profile NAME')
  const path = `/machines/${mac}/${action}`
  await askDaemon(findDaemon(values), path, { profile: values.profile }, 'POST')
  const said = action === 'forget' ? 'is forgotten' : `boots "${values.profile ?? ''}" next`
  process.stdout.write(`${mac} ${said}\n`)
  return 0
}

/** `bootwire next` */
export const next = (args: readonly string[]): Promise<number> => change('next', args)

/** `bootwire forget` */
export const forget = (args: readonly string[]): Promise<number> => change('forget', args)
