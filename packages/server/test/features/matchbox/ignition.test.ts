import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { temporaryFolder } from '../../support.ts'
import { group, MAC, NODE, openMatchbox } from './rig.ts'

const ignition = async (text: string, name = 'i.ign'): Promise<string | number> => {
  await using box = await openMatchbox({
    ...NODE,
    'profiles/p.json': group({ id: 'p', ignition_id: name }),
    [`ignition/${name}`]: text,
  })
  return await box.get(`/ignition?${MAC}`)
}

const frame = (rest: string): string =>
  `{"ignition":{"config":{"replace":{"verification":{}}},"proxy":{},"security":{"tls":{}},"timeouts":{},"version":"3.4.0"},${rest}}`

const fileWith = (mode: number): string =>
  `{"mode":${mode},"path":"/f","contents":{"source":"data:,x","compression":""},"zz":1}`

const written = (mode: number): string =>
  frame(
    `"kernelArguments":{},"passwd":{},"storage":{"files":[{"group":{},"path":"/f","user":{},"contents":{"compression":"","source":"data:,x","verification":{}},"mode":${mode}}]},"systemd":{}`,
  )

const config = (version: string, mode: number): string =>
  `{"storage":{"FILES":[${fileWith(mode)}]},"ignition":{"version":"${version}"}}`

describe('section 6: Ignition', () => {
  it('writes 3.0 to 3.4 again as Go writes 3.4.0', async () => {
    await using box = await openMatchbox(NODE)
    const { headers, body } = await box.ask(`/ignition?${MAC}`)
    expect(headers['content-type']).toBe('application/json')
    expect(body).toBe(
      frame(
        '"kernelArguments":{},"passwd":{},"storage":{},"systemd":{"units":[{"name":"a\\u0026b\\u003cc\\u003e"}]}',
      ),
    )
  })

  it('keeps the order of fields, drops what is unknown, and masks modes that were not known then', async () => {
    expect(await ignition(config('3.3.0', 0o4755))).toBe(written(0o755))
    expect(await ignition(config('3.4.0', 0o4755))).toBe(written(0o4755))
  })

  it('passes what is newer byte for byte, and refuses what is none', async () => {
    const newer = '{ "ignition": { "version": "3.5.0" } }\n'
    expect(await ignition(newer)).toBe(newer)
    expect(await ignition('{"ignition":{"version":"2.3.0"}}')).toBe(404)
    expect(await ignition('{')).toBe(404)
    expect(await ignition('{"ignition":{"version":"3.4.0"},"storage":[]}')).toBe(404)
    expect(await ignition('{"ignition":{"version":"3.4.0"}}', 'a.yaml')).toBe(404)
  })

  it('gives Butane to the program that is configured', async () => {
    const program = join(temporaryFolder(), 'butane')
    writeFileSync(
      program,
      '#!/bin/sh\nread -r line\nprintf \'{"ignition":{"version":"3.4.0"},"passwd":{"users":[{"name":"%s"}]}}\' "$line"\n',
      { mode: 0o755 },
    )
    const files = {
      ...NODE,
      'profiles/p.json': group({ id: 'p', ignition_id: 'a.yaml.tmpl' }),
      'ignition/a.yaml.tmpl': '{{.name}}\n',
    }
    await using box = await openMatchbox(files, { butane: program })
    expect(await box.get(`/ignition?${MAC}`)).toContain('"users":[{"name":"n1"}]')
    await using without = await openMatchbox(files)
    expect(await without.get(`/ignition?${MAC}`)).toBe(404)
    expect(without.missing[0]).toContain('is Butane')
  })
})
