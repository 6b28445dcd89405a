import { nearest } from '@bootwire-internal/common'

import type { ErrorCode } from '../errors.ts'

/** One thing that is wrong with an object, and where in it. */
export interface Issue {
  /** Keys and indexes from the top: `['repositories', 0, 'mirrors', 2]`. */
  readonly path: readonly (string | number)[]
  readonly code: ErrorCode
  /** What was seen, then what is allowed. */
  readonly message: string
  /** `error`: the object is refused. `warning`: it is used as it is. */
  readonly severity: 'error' | 'warning'
}

export type Path = Issue['path']
export type Report = (
  path: Path,
  code: ErrorCode,
  message: string,
  severity?: Issue['severity'],
) => void

/** Checks one value at one place; reports what is wrong with it. */
export type Check = (value: unknown, path: Path, report: Report) => void

export const show = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const text =
  (pattern: RegExp, allowed: string): Check =>
  (value, path, report) => {
    if (typeof value !== 'string') report(path, 'ERR_SQUID_TYPE', `${show(value)} is not text`)
    else if (!pattern.test(value))
      report(path, 'ERR_SQUID_VALUE', `${show(value)} is not ${allowed}`)
  }

export const oneOf =
  (...words: readonly string[]): Check =>
  (value, path, report) => {
    if (typeof value !== 'string' || !words.includes(value)) {
      report(path, 'ERR_SQUID_VALUE', `${show(value)} is not one of ${words.join(', ')}`)
    }
  }

export const yesNo: Check = (value, path, report) => {
  if (typeof value !== 'boolean')
    report(path, 'ERR_SQUID_TYPE', `${show(value)} is not true or false`)
}

export const whole =
  (least: number, most: number, unit: string): Check =>
  (value, path, report) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      report(
        path,
        'ERR_SQUID_VALUE',
        `${show(value)} is not a whole number of ${unit} from ${least} to ${most}`,
      )
    }
  }

export const list =
  (item: Check, least = 0): Check =>
  (value, path, report) => {
    if (!Array.isArray(value)) report(path, 'ERR_SQUID_TYPE', `${show(value)} is not a list`)
    else if (value.length < least)
      report(path, 'ERR_SQUID_MISSING', `the list is empty, at least ${least} is needed`)
    else value.forEach((each, i) => item(each, [...path, i], report))
  }

export const record =
  (item: Check, name: Check = () => undefined): Check =>
  (value, path, report) => {
    if (!isObject(value)) report(path, 'ERR_SQUID_TYPE', `${show(value)} is not an object`)
    else {
      for (const [key, each] of Object.entries(value)) {
        name(key, [...path, key], report)
        item(each, [...path, key], report)
      }
    }
  }

export const object =
  (shape: Readonly<Record<string, Check>>, needed: readonly string[] = []): Check =>
  (value, path, report) => {
    if (!isObject(value)) return report(path, 'ERR_SQUID_TYPE', `${show(value)} is not an object`)
    for (const [key, each] of Object.entries(value)) {
      const check = Object.hasOwn(shape, key) ? shape[key] : undefined
      if (check) {
        if (each !== undefined) check(each, [...path, key], report)
        continue
      }
      const known = Object.keys(shape)
      const guess = nearest(key, known)
      const allowed = guess ? `did you mean "${guess}"?` : `allowed are ${known.join(', ')}`
      report([...path, key], 'ERR_SQUID_UNKNOWN_KEY', `unknown key "${key}"; ${allowed}`)
    }
    for (const key of needed) {
      if (value[key] === undefined) report(path, 'ERR_SQUID_MISSING', `"${key}" is missing`)
    }
  }
