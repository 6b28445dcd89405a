import { expect, it } from 'vitest'

import { validate } from '../../src/index.ts'

const decide = () => ({ action: 'ignore' }) as const

it.each<[string, object]>([
  ['an interface', { decide, interface: 'eth0' }],
  ['an address', { decide, address: '10.0.0.1', interface: 'eth0' }],
  ['several interfaces', { decide, interfaces: [{ interface: 'a' }, { address: '10.0.0.1' }] }],
  ['every limit', { decide, interface: 'a', limits: { clientPerSecond: 0.5, totalBurst: 1 } }],
])('has nothing to say of %s', (_name, options) => expect(validate(options)).toEqual([]))

it('says everything that is wrong, each with its path', () => {
  const issues = validate({
    decide,
    interface: '',
    limits: { clientBurst: 0, oops: 1 },
    vendorClasses: ['PXEClient', 7],
    fallback: { action: 'boot', file: '' },
    shared: 'yes',
  })
  expect(issues.map(({ path, code }) => [path.join('.'), code])).toEqual([
    ['interface', 'ERR_DHCP_CONFIG'],
    ['limits.clientBurst', 'ERR_DHCP_CONFIG'],
    ['limits.oops', 'ERR_DHCP_CONFIG'],
    ['vendorClasses.1', 'ERR_DHCP_CONFIG'],
    ['fallback', 'ERR_DHCP_BOOT_FILE'],
    ['shared', 'ERR_DHCP_CONFIG'],
  ])
})

it.each([
  [undefined, 'options are undefined'],
  [[], 'options are []'],
  [{ decide }, 'nothing to serve'],
  [{ decide, interfaces: [] }, 'an empty list serves nothing'],
  [{ decide, interfaces: [{}] }, 'interfaces.0 names neither an interface nor an address'],
  [{ decide, interfaces: [], sockets: [] }, 'both sockets and interfaces'],
  [{ interface: 'a' }, 'decide is undefined'],
])('of %j says %s', (options, words) => {
  expect(validate(options).map(({ message }) => message)).toEqual(
    expect.arrayContaining([expect.stringContaining(words)]),
  )
})
