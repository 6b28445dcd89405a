import { messageOf, ServerError } from '../../model/errors.ts'
import { CONFIG, type Shape } from './ignition-shape.ts'

const refuse = (message: string): never => {
  throw new ServerError('ERR_SERVER_DATA', message)
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const EMPTY: Readonly<Partial<Record<string, unknown>>> = { 'required string': '' }

const scalar = (value: unknown, shape: string, path: string): unknown => {
  const wanted = shape.split(' ').at(-1)
  const isRight =
    wanted === 'int'
      ? Number.isInteger(value)
      : typeof value === (wanted === 'bool' ? 'boolean' : wanted)
  if (!isRight)
    refuse(`${path}: saw ${JSON.stringify(value)}; a value of type ${wanted} is allowed`)
  const isLeftOut =
    (shape === 'nonzero int' && value === 0) || (shape === 'nonempty string' && value === '')
  return isLeftOut ? undefined : value
}

/** A value with what its shape names, in that order; undefined is left out, as Go leaves out what is empty. */
const shaped = (value: unknown, shape: Shape, path: string): unknown => {
  if (typeof shape === 'string')
    return value === undefined || value === null ? EMPTY[shape] : scalar(value, shape, path)
  if ('list' in shape) {
    if (value === undefined || value === null) return undefined
    if (!Array.isArray(value)) return refuse(`${path} must be a list`)
    const items = value.map((item, i) => shaped(item, shape.list, `${path}[${i}]`))
    return items.length > 0 ? items : undefined
  }
  const given = value ?? {}
  if (!isObject(given)) return refuse(`${path} must be an object`)
  // Go's decoder matches names without regard to case.
  const byName = new Map(Object.entries(given).map(([key, item]) => [key.toLowerCase(), item]))
  return Object.fromEntries(
    shape.object.map(([name, inner]) => [
      name,
      shaped(byName.get(name.toLowerCase()), inner, path === '' ? name : `${path}.${name}`),
    ]),
  )
}

/** JSON as Go's encoder writes it. */
const goJson = (value: unknown): string =>
  JSON.stringify(value)
    .replaceAll(/\\([^])/g, (all, char: string) =>
      char === 'b' ? String.raw`\u0008` : char === 'f' ? String.raw`\u000c` : all,
    )
    .replaceAll(
      /[<>&\u2028\u2029]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )

/** Set-uid, set-gid and sticky bits: before 3.4 Ignition did not know them. */
const SPECIAL_MODE_BITS = 0o7000

const versionOf = (config: unknown): string => {
  const ignition = isObject(config) ? config['ignition'] : undefined
  const version = isObject(ignition) ? ignition['version'] : undefined
  return typeof version === 'string' ? version : ''
}

const withoutSpecialBits = (key: string, value: unknown): unknown =>
  key === 'mode' && typeof value === 'number' ? value & ~SPECIAL_MODE_BITS : value

/**
 * An Ignition configuration as matchbox gives it: 3.0 to 3.4 written again as 3.4.0. What is newer is passed as it is.
 * @throws {ServerError} `ERR_SERVER_DATA` where it is none
 */
export const ignitionOf = (text: Buffer): Buffer => {
  let config: unknown
  try {
    config = JSON.parse(text.toString('utf8'))
  } catch (error) {
    return refuse(`it is no JSON: ${messageOf(error)}`)
  }
  const version = versionOf(config)
  const minor = /^3\.(\d+)\.0(?:-experimental)?$/.exec(version)?.[1]
  if (minor === undefined || version === '3.4.0-experimental')
    return refuse(`Ignition version ${JSON.stringify(version)}; versions from 3.0.0 on are allowed`)
  if (Number(minor) > 4) return text
  const masked: unknown =
    minor === '4' ? config : JSON.parse(JSON.stringify(config), withoutSpecialBits)
  const whole = shaped(masked, CONFIG, '')
  const upgraded = goJson(whole).replace(
    `"version":${JSON.stringify(version)}`,
    '"version":"3.4.0"',
  )
  return Buffer.from(upgraded)
}
