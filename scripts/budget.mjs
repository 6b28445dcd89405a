// How long tests may take, and whether another program was in their way. Node built-ins only.
import { readFileSync } from 'node:fs'

/** Seconds of `npm test` as root on two cores, by package; what is not named shares `rest`. */
export const BUDGET = {
  server: 150,
  'squid-rules': 60,
  'ipxe-script': 50,
  'dhcp-proxy': 45,
  tftp: 40,
  rest: 15,
}

/** Whether a run over its budget fails. To be switched on with the figures of a quiet machine that meet it. */
export const ENFORCED = false

/** Seconds of the steps of `.ci/run`, thirty minutes in all. */
export const CI_BUDGET = {
  'npm test': 420,
  'npm run check': 420,
  'Squid 6 and 7': 90,
  'unit tests on Node 22': 180,
  'unit tests on Node 24': 180,
}

/** One `npm run prove` command. */
export const PROVE_SECONDS = 3600

/** Of one core: what system services of an idle machine use is far less. */
const DISTURBED_CORES = 0.25
const TICKS_PER_SECOND = 100 // USER_HZ, the same on every Linux that Node runs on

const numbersOf = (line) => line.trim().split(/\s+/).map(Number)

/** Seconds that all processors were busy, and that ended children of this process used of that. */
const busy = () => {
  const [, line] = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))
  const [user, nice, system, , , irq, softirq, steal] = numbersOf(line)
  const own = readFileSync('/proc/self/stat', 'utf8')
  const fields = numbersOf(own.slice(own.lastIndexOf(')') + 1).replace(/[A-Z]/, '0'))
  // utime, stime, cutime, cstime: the 14th to 17th field of proc(5), of which two are cut off here.
  const ours = fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0)
  const all = user + nice + system + irq + softirq + steal
  return { all: all / TICKS_PER_SECOND, ours: ours / TICKS_PER_SECOND, atMs: Date.now() }
}

/**
 * Watches for other programs: what the processors did, less what our own ended children used.
 *
 * @returns a function that says how many cores others had since; undefined when that is too little to matter
 */
export const watchOthers = (read = busy) => {
  const begin = read()
  return () => {
    const end = read()
    const seconds = (end.atMs - begin.atMs) / 1000
    const others = (end.all - begin.all - (end.ours - begin.ours)) / Math.max(seconds, 1)
    return others > DISTURBED_CORES ? others : undefined
  }
}

/**
 * What took longer than its budget, a sentence each.
 *
 * @param seconds by name; names without a budget of their own are added to `rest`
 */
export const overBudget = (seconds, budget) => {
  const spent = {}
  for (const [name, value] of Object.entries(seconds)) {
    const key = Object.hasOwn(budget, name) ? name : 'rest'
    spent[key] = (spent[key] ?? 0) + value
  }
  return Object.entries(spent)
    .filter(([name, value]) => value > (budget[name] ?? Infinity))
    .map(([name, value]) => `${name} took ${Math.round(value)} s; its budget is ${budget[name]} s`)
}
