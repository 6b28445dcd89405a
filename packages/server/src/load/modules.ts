import { pathToFileURL } from 'node:url'

import { messageOf, ServerError } from '../model/errors.ts'
import type { Plan, ScriptModule } from '../model/plan.ts'
import { kindOf } from '../profiles/index.ts'

/** How long a module may take to load, in ms. */
const MODULE_DEADLINE_MS = 10_000

/** Loads one of the user's script modules; a changed file has another version, and so another URL. */
export const loadModule = async (file: string, version: string): Promise<ScriptModule> => {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    const why = `it is not loaded after ${MODULE_DEADLINE_MS / 1000} s`
    timer = setTimeout(() => reject(new Error(why)), MODULE_DEADLINE_MS)
  })
  try {
    const loading: Promise<unknown> = import(`${pathToFileURL(file).href}?version=${version}`)
    const module = await Promise.race([loading, tooLate])
    const make =
      typeof module === 'object' && module !== null && 'script' in module
        ? module.script
        : undefined
    if (typeof make !== 'function')
      throw new Error(
        'it exports no function `script`; write `export const script = (machine) => …`',
      )
    return (machine) => make(machine) as unknown
  } finally {
    clearTimeout(timer)
  }
}

/** Loads all of the user's script modules. */
export const loadModules = async (plan: Plan): Promise<Map<string, ScriptModule>> => {
  const modules = new Map<string, ScriptModule>()
  for (const { name, target } of Object.values(plan.profiles)) {
    const module = kindOf(target).module?.(target)
    if (!module || modules.has(module.file)) continue
    const { file, version } = module
    try {
      // oxlint-disable-next-line no-await-in-loop -- modules may depend on each other's effects, in the file's order
      modules.set(file, await loadModule(file, version))
    } catch (error) {
      const message = `profile "${name}": cannot use ${file}: ${messageOf(error)}`
      throw new ServerError('ERR_SERVER_MODULE', message, { cause: error })
    }
  }
  return modules
}
