import { expect, it } from 'vitest'

import { goto, type IpxeScriptErrorCode, label, ping, recipes, scriptFor } from '../../src/index.ts'

/** Calls what the types forbid. */
const untyped = (call: (...args: never[]) => unknown, ...args: unknown[]): unknown =>
  Reflect.apply(call, undefined, args)

const or = (right: unknown): unknown => {
  const step = ping('a')
  return untyped(step.or.bind(step), right)
}

const kernel = 'http://boot.example/vmlinuz'

it.each<[string, IpxeScriptErrorCode, () => unknown, RegExp]>([
  ['a name to goto', 'ERR_IPXE_UNKNOWN_LABEL', () => untyped(goto, 'x'), /given "x"/],
  ['nothing to goto', 'ERR_IPXE_UNKNOWN_LABEL', () => untyped(goto), /neither a label/],
  ['a number for a label', 'ERR_IPXE_LABEL', () => untyped(label, 5), /label 5 is not/],
  ['text after ||', 'ERR_IPXE_LINE', () => or('x'), /"x"; it takes one command/],
  ['two commands after ||', 'ERR_IPXE_LINE', () => or(ping('b').orIgnore()), /several commands/],
  ['a name for a profile', 'ERR_IPXE_PROFILE', () => untyped(scriptFor, 'debian12'), /no profile/],
  [
    'text for the arguments of a kernel',
    'ERR_IPXE_RECIPE',
    () => untyped(recipes.linux, { kernel, args: 'quiet' }),
    /args "quiet" is not a list; write \["quiet"\]/,
  ],
  [
    'text for the arguments of an installer',
    'ERR_IPXE_RECIPE',
    () => untyped(recipes.debianInstaller, { base: kernel, preseed: kernel, args: 'quiet' }),
    /args "quiet"/,
  ],
  [
    'text for initrds',
    'ERR_IPXE_RECIPE',
    () => untyped(recipes.linux, { kernel, initrds: 'i' }),
    /initrds "i"/,
  ],
])('%s is refused', (_name, code, make, says) => {
  expect(make).toThrow(expect.objectContaining({ code }))
  expect(make).toThrow(says)
})
