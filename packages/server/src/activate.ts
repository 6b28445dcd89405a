import { pathToFileURL } from 'node:url'

import type { Plan, PlanRules } from './config/plan.ts'
import { RuleIndex } from './decide/rules.ts'
import type { ScriptModule } from './decide/script.ts'
import { messageOf, ServerError } from './errors.ts'
import type { Active } from './service.ts'

/** Loads the user's script modules; a changed file has another version, and so another URL. */
export const loadModules = async (plan: Plan): Promise<Map<string, ScriptModule>> => {
  const modules = new Map<string, ScriptModule>()
  for (const { name, target } of Object.values(plan.profiles)) {
    if (target.kind !== 'module' || modules.has(target.file)) continue
    try {
      const module: unknown = await import(
        `${pathToFileURL(target.file).href}?version=${target.version}`
      )
      const make =
        typeof module === 'object' && module !== null && 'script' in module
          ? module.script
          : undefined
      if (typeof make !== 'function') throw new Error('it exports no function `script`')
      modules.set(target.file, (machine) => make(machine) as unknown)
    } catch (error) {
      const message = `profile "${name}": cannot use ${target.file}: ${messageOf(error)}`
      throw new ServerError('ERR_SERVER_MODULE', message, { cause: error })
    }
  }
  return modules
}

/** Makes a loaded configuration ready for decisions, all at once. */
export const activate = async ({
  plan,
  machines,
  rules,
}: { readonly plan: Plan } & PlanRules): Promise<Active> => {
  const book = { plan, machines: new RuleIndex(), rules: new RuleIndex() }
  book.machines.add(machines)
  book.rules.add(rules)
  return { book, modules: await loadModules(plan) }
}
