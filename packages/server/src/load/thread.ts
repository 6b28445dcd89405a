import { Worker } from 'node:worker_threads'

import { RuleIndex } from '../decide/rules.ts'
import type { Book } from '../decide/verdict.ts'
import type { ConfigIssue } from '../model/issues.ts'
import type { Plan } from '../model/plan.ts'
import type { Rule } from '../model/rule.ts'

/** What the loading thread sends, one for each `next`. */
export type LoadMessage =
  | { readonly type: 'issues'; readonly issues: readonly ConfigIssue[] }
  | { readonly type: 'plan'; readonly plan: Plan }
  | { readonly type: 'slice'; readonly kind: 'machines' | 'rules'; readonly rules: readonly Rule[] }
  | { readonly type: 'end' }

export type ThreadLoaded =
  | { readonly ok: true; readonly book: Book }
  | { readonly ok: false; readonly issues: readonly ConfigIssue[] }

/** From source the worker is TypeScript, which Node 20 needs tsx for; built, it stands beside the chunks. */
const startWorker = (file: string | undefined): Worker => {
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('load/worker.js', import.meta.url), { workerData: file })
  }
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'))
  const worker = JSON.stringify(new URL('worker.ts', import.meta.url).href)
  const code = `import(${tsx}).then(({ register }) => { register(); return import(${worker}) })`
  return new Worker(code, { eval: true, workerData: file })
}

/**
 * Loads a configuration in another thread. This one only indexes rules, a slice at a time, and serves in between.
 */
export const loadInThread = (file: string | undefined): Promise<ThreadLoaded> =>
  new Promise((resolve, reject) => {
    const worker = startWorker(file)
    const machines = new RuleIndex()
    const rules = new RuleIndex()
    let plan: Plan | undefined
    let result: ThreadLoaded | undefined
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
          if (plan) result = { ok: true, book: { plan, machines, rules } }
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
