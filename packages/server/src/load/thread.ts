import { Worker } from 'node:worker_threads'

import type { Configuration } from '../decide/configuration.ts'
import { RuleIndex } from '../decide/rules.ts'
import type { ConfigIssue } from '../model/issues.ts'
import type { Plan, ServerOverrides } from '../model/plan.ts'
import type { Rule } from '../model/rule.ts'
import type { LoadOptions } from './load.ts'
import { loadModules } from './modules.ts'

/** What the loading thread sends, one for each `next`. */
export type LoadMessage =
  | { readonly type: 'issues'; readonly issues: readonly ConfigIssue[] }
  | { readonly type: 'plan'; readonly plan: Plan }
  | { readonly type: 'slice'; readonly kind: 'machines' | 'rules'; readonly rules: readonly Rule[] }
  | { readonly type: 'end' }

export type ThreadLoaded =
  | { readonly ok: true; readonly configuration: Configuration }
  | { readonly ok: false; readonly issues: readonly ConfigIssue[] }

/** What the loading thread is given. */
export interface LoadOrder {
  readonly overrides: ServerOverrides
  readonly file: string | undefined
}

/** From source the worker is TypeScript, which Node 20 needs tsx for; built, it stands beside the chunks. */
const startWorker = (workerData: LoadOrder): Worker => {
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('loading-thread.js', import.meta.url), { workerData })
  }
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'))
  const worker = JSON.stringify(new URL('../loading-thread.ts', import.meta.url).href)
  const code = `import(${tsx}).then(({ register }) => { register(); return import(${worker}) })`
  return new Worker(code, { eval: true, workerData })
}

type Indexed = Pick<Configuration, 'machines' | 'rules'>

type ThreadResult =
  | { readonly ok: true; readonly plan: Plan }
  | Extract<ThreadLoaded, { readonly ok: false }>

/** Takes what the thread sends, a slice at a time, and serves in between. */
const collect = (worker: Worker, { machines, rules }: Indexed): Promise<ThreadResult> =>
  new Promise((resolve, reject) => {
    let plan: Plan | undefined
    let result: ThreadResult | undefined
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    const next = () => void setImmediate(() => worker.postMessage('next'))
    worker.on('message', (message: LoadMessage) => {
      switch (message.type) {
        case 'plan':
          plan = message.plan
          break
        case 'slice':
          if (message.kind === 'machines') machines.add(message.rules)
          else rules.add(message.rules)
          break
        case 'issues':
          result = { ok: false, issues: message.issues }
          break
        default:
          if (plan) result = { ok: true, plan }
      }
      next()
    })
    worker.once('error', reject)
    worker.once('exit', (code) => {
      if (result) resolve(result)
      else reject(new Error(`the loading thread ended with code ${code}`))
    })
    next()
  })

/**
 * Loads a configuration in another thread. This one only indexes rules, and loads the user's modules, which that one has
 * tried.
 */
export const loadInThread = async (
  file: string | undefined,
  { overrides = {} }: Pick<LoadOptions, 'overrides'> = {},
): Promise<ThreadLoaded> => {
  const indexed = { machines: new RuleIndex(), rules: new RuleIndex() }
  const result = await collect(startWorker({ file, overrides }), indexed)
  if (!result.ok) return result
  const modules = await loadModules(result.plan)
  return { ok: true, configuration: { ...result.plan, ...indexed, modules } }
}
