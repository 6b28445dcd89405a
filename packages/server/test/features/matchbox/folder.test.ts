import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { temporaryFolder, writeFiles } from '../../support.ts'
import { group, MAC, NODE, openMatchbox } from './rig.ts'

describe('section 8: what lies in the folder', () => {
  it('lets nothing be read from outside', async () => {
    const outside = temporaryFolder()
    writeFiles(outside, { secret: 'SECRET', 'p.json': group({ id: 'p', boot: {} }) })
    const files = {
      ...NODE,
      'profiles/p.json': group({ id: 'p', generic_id: 'link', cloud_id: '../../secret' }),
    }
    await using box = await openMatchbox(files)
    symlinkSync(join(outside, 'secret'), join(box.folder, 'generic', 'link'))
    expect(await box.get(`/generic?${MAC}`)).toBe(404)
    expect(await box.get(`/cloud?${MAC}`)).toBe(404)
    expect(box.missing).toHaveLength(2)
  })

  it('follows links that stay inside, as a volume of Kubernetes has them', async () => {
    await using box = await openMatchbox({ ...NODE, '..data/g2': 'linked' })
    symlinkSync('../..data/g2', join(box.folder, 'generic', 'g2'))
    writeFiles(box.folder, { 'profiles/p.json': group({ id: 'p', generic_id: 'g2' }) })
    expect(await box.get(`/generic?${MAC}`)).toBe('linked')
  })

  it('reads each file afresh', async () => {
    await using box = await openMatchbox(NODE)
    expect(await box.get(`/generic?${MAC}`)).toContain('host n1')
    writeFiles(box.folder, { 'generic/g': 'changed' })
    expect(await box.get(`/generic?${MAC}`)).toBe('changed')
  })

  it('sees each change of a group at once, and tells once of one that cannot be read', async () => {
    await using box = await openMatchbox({ 'groups/a.json': '{"metadata":{"n":"1"}}' })
    for (const n of ['2', '3', '4']) {
      writeFiles(box.folder, { 'groups/a.json': `{"metadata":{"n":"${n}"}}` })
      expect(await box.get('/metadata')).toContain(`N=${n}\n`)
    }
    writeFiles(box.folder, { 'groups/b.json': '{' })
    writeFiles(box.folder, { 'groups/a.json': '{"metadata":{"n":"5"}}' })
    for (let i = 0; i < 3; i++) expect(await box.get('/metadata')).toContain('N=5\n')
    expect(box.skipped).toHaveLength(1)
    rmSync(join(box.folder, 'groups', 'a.json'))
    expect(await box.get('/metadata')).toBe(404)
  })

  it('refuses a file that is too large', async () => {
    await using box = await openMatchbox({ ...NODE, 'generic/g': 'x'.repeat(4 * 1024 * 1024 + 1) })
    expect(await box.get(`/generic?${MAC}`)).toBe(404)
    expect(box.missing[0]).toContain('at most 4194304')
  })
})
