import { validate } from '@bootwire/squid-rules'
import { describe, expect, it } from 'vitest'

import { explained, findings, oneLinerKey, options } from './one-liner.ts'

const GLUSTER = '7/storage/x86_64/gluster-4.1/glusterfs-4.1.2-1.el7.x86_64.rpm'
const SIGNED = `http://mirror.centos.org/centos/${GLUSTER}`
const UNSIGNED = `http://buildlogs.centos.org/centos/${GLUSTER}`

describe('the copied one-liner', () => {
  it('gives one key to the signed and the unsigned build of a package', () => {
    expect(oneLinerKey(SIGNED)).toBe(oneLinerKey(UNSIGNED))
    expect(explained(SIGNED).key).not.toBe(explained(UNSIGNED).key)
  })

  it('lets any host, any query and any signature in', () => {
    const bash = '7/os/x86_64/Packages/bash-4.2.46-35.el7_9.x86_64.rpm'
    const key = oneLinerKey(`http://mirror.centos.org/centos/${bash}`)
    for (const url of [
      `http://evil.example/x/${bash}`,
      `http://evil.example/?q=/${bash}`,
      `http://mirror.centos.org/centos/${bash}.sig`,
    ]) {
      expect(oneLinerKey(url)).toBe(key)
      expect(explained(url).key).toBeUndefined()
    }
  })

  it("has no key for today's distributions, which the generated rules share", () => {
    const acl = '9/BaseOS/x86_64/os/Packages/a/acl-2.3.1-4.el9.x86_64.rpm'
    const urls = [`https://dl.rockylinux.org/pub/rocky/${acl}`, `http://mirror.lan/rocky/${acl}`]
    expect(urls.map(oneLinerKey)).toEqual([undefined, undefined])
    expect(new Set(urls.map((url) => explained(url).key)).size).toBe(1)
    expect(explained(urls[0]!).key).toBeDefined()
  })

  it('is what lint says of it', () => {
    expect(findings().map(({ code }) => code)).toEqual([
      'no-start-anchor',
      'no-end-anchor',
      'no-vendor',
      'quadratic',
    ])
  })
})

describe('the options that replace it', () => {
  it('are valid, and give a repository of our own keys in a few lines', () => {
    // Two mirrors by layout alone: the user is told what that asserts.
    expect(validate(options)).toMatchObject([{ code: 'ERR_SQUID_REUSED', severity: 'warning' }])
    expect(explained('http://mirror.lan/acme/el9/x86_64/tool-1.0-1.x86_64.rpm').key).toBe(
      'http://acme-el9.pkg.squid.internal/acme-2026/x86_64/tool-1.0-1.x86_64.rpm',
    )
  })
})
