import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { hear, newSteps, outcomeAt } from '../src/boot/outcome.ts'
import { Outcomes } from '../src/boot/outcomes.ts'
import { statusOf } from '../src/boot/status.ts'
import { createHttpApp } from '../src/http/app.ts'
import { EventLog } from '../src/log/event-log.ts'
import type { LogRecord } from '../src/log/names.ts'
import { boots, serviceFor, temporaryFolder, writeFiles, type TestService } from './support.ts'

type Told = readonly [
  seconds: number,
  event: LogRecord['event'],
  fields: Readonly<Record<string, unknown>>,
]

/** What these events come to, so many seconds after the first of them. */
const after = (seconds: number, told: readonly Told[], wantsAnswer = true) => {
  const steps = newSteps('b1')
  for (const [at, event, fields] of told)
    hear(steps, { time: new Date(at * 1000).toISOString(), level: 'info', event, ...fields })
  return outcomeAt(steps, seconds * 1000, wantsAnswer)
}

const OFFER: Told = [0, 'dhcp.reply', { file: 'ipxe.efi' }]
const FETCHED: Told = [2, 'tftp.end', { file: 'ipxe.efi', outcome: 'done' }]
const SCRIPT: Told = [
  9,
  'http.script',
  { stage: 'boot', target: 'linux', loads: ['/assets/k', '/assets/i'] },
]
const KERNEL: Told = [10, 'http.asset', { path: '/assets/k', status: 200, bytes: 5 }]
const INITRD: Told = [12, 'http.asset', { path: '/assets/i', status: 200, bytes: 5 }]
const LOADED = [OFFER, FETCHED, SCRIPT, KERNEL, INITRD]

describe('a boot', () => {
  it.each<[string, number, readonly Told[], ReturnType<typeof after>]>([
    ['has been offered a file', 5, [OFFER], { outcome: 'booting' }],
    [
      'never asked for it',
      12,
      [OFFER],
      { outcome: 'stalled', because: 'ipxe.efi is awaited for 12 s, and never came' },
    ],
    [
      'asks again, and never for the file',
      20,
      [OFFER, [9, 'dhcp.reply', { file: 'ipxe.efi' }]],
      { outcome: 'stalled', because: 'ipxe.efi is awaited for 20 s, and never came' },
    ],
    [
      'asks for a size first',
      5,
      [OFFER, [1, 'tftp.end', { file: 'ipxe.efi', outcome: 'probe' }]],
      { outcome: 'booting' },
    ],
    [
      'could not read it',
      5,
      [OFFER, [1, 'tftp.end', { file: 'ipxe.efi', outcome: 'timeout', error: 'no ACK' }]],
      { outcome: 'failed', because: 'ipxe.efi by TFTP: no ACK' },
    ],
    [
      'got iPXE and never came back',
      90,
      [OFFER, FETCHED],
      {
        outcome: 'stalled',
        because: 'its DHCP request as iPXE is awaited for 88 s, and never came',
      },
    ],
    [
      'looks for what need not be there',
      5,
      [OFFER, FETCHED, [3, 'tftp.end', { file: 'autoexec.ipxe', outcome: 'denied' }]],
      { outcome: 'booting' },
    ],
    [
      'never asked for its kernel',
      60,
      [OFFER, FETCHED, SCRIPT],
      { outcome: 'stalled', because: 'k is awaited for 51 s, and never came' },
    ],
    [
      'finds no kernel',
      11,
      [OFFER, FETCHED, SCRIPT, [10, 'http.asset', { path: '/assets/k', status: 404, bytes: 0 }]],
      { outcome: 'failed', because: '/assets/k over HTTP: 404' },
    ],
    [
      'found it at its second try',
      15,
      [
        ...LOADED.slice(0, 3),
        [10, 'http.asset', { path: '/assets/k', status: 404 }],
        KERNEL,
        INITRD,
      ],
      { outcome: 'loaded' },
    ],
    ['has its kernel and not yet its initrd', 20, LOADED.slice(0, 4), { outcome: 'booting' }],
    [
      'only looked at the kernel',
      60,
      [...LOADED.slice(0, 3), [10, 'http.asset', { path: '/assets/k', status: 200, bytes: 0 }]],
      { outcome: 'stalled', because: 'k is awaited for 51 s, and never came' },
    ],
    ['has loaded all', 60, LOADED, { outcome: 'loaded' }],
    [
      'has loaded all, and its installer never asked',
      720,
      LOADED,
      {
        outcome: 'stalled',
        because: 'loaded 12 min ago, and no answer was asked for although the profile has some',
      },
    ],
    [
      'runs its installer',
      720,
      [...LOADED, [30, 'http.answer', { answer: 'ks', status: 200 }]],
      { outcome: 'running' },
    ],
    [
      'gets an answer that cannot be made',
      31,
      [...LOADED, [30, 'http.answer', { answer: 'ks', status: 500, why: 'no serial' }]],
      { outcome: 'failed', because: 'no serial' },
    ],
    [
      'is installed',
      900,
      [...LOADED, [800, 'boot.report', { status: 'done' }]],
      { outcome: 'installed' },
    ],
    [
      'failed to install',
      900,
      [...LOADED, [800, 'boot.report', { status: 'failed', reason: 'no disk' }]],
      { outcome: 'failed', because: 'its installer reported: no disk' },
    ],
    [
      'boots its disk',
      900,
      [OFFER, FETCHED, [9, 'http.script', { stage: 'boot', target: 'local' }]],
      { outcome: 'local disk' },
    ],
    [
      'is refused',
      900,
      [
        OFFER,
        FETCHED,
        [9, 'http.script', { stage: 'explain', code: 'BW-UNKNOWN', why: 'nothing matches' }],
      ],
      { outcome: 'refused', because: 'nothing matches' },
    ],
  ])('that %s', (_what, seconds, told, outcome) => {
    expect(after(seconds, told)).toEqual(outcome)
  })

  it.each<[string, readonly Told[]]>([
    [
      'shim and GRUB by TFTP',
      [
        [0, 'dhcp.reply', { file: 'secure/shimx64.efi' }],
        ...['secure/shimx64.efi', 'secure/grubx64.efi', '/grub/grub.cfg', '/vmlinuz'].map(
          (file, i): Told => [2 + i, 'tftp.end', { file, outcome: 'done' }],
        ),
      ],
    ],
    [
      'shim and GRUB over UEFI HTTP Boot',
      [
        [0, 'dhcp.reply', { file: 'http://10.0.0.5:8080/assets/secure/shimx64.efi' }],
        [2, 'http.asset', { path: '/assets/secure/shimx64.efi', status: 200, bytes: 9 }],
        [3, 'http.asset', { path: '/grub/grub.cfg', status: 200, bytes: 9 }],
        [4, 'http.asset', { path: '/vmlinuz', status: 200, bytes: 9 }],
      ],
    ],
    [
      'a Raspberry Pi',
      [
        [0, 'dhcp.reply', { file: 'bootcode.bin' }],
        [1, 'tftp.end', { file: 'bootcode.bin', outcome: 'done' }],
        [2, 'tftp.end', { file: 'start4.elf', outcome: 'done' }],
      ],
    ],
  ])('of %s is not called stalled: nobody knows what comes next', (_what, told) => {
    expect(after(3600, told)).toEqual({ outcome: 'booting' })
  })

  it('of iPXE over UEFI HTTP Boot is followed as by TFTP', () => {
    const offer: Told = [0, 'dhcp.reply', { file: 'http://10.0.0.5:8080/ipxe/ipxe.efi' }]
    const came: Told = [2, 'http.asset', { path: '/ipxe/ipxe.efi', status: 200, bytes: 9 }]
    expect(after(20, [offer])).toMatchObject({ outcome: 'stalled' })
    expect(after(20, [offer, came])).toEqual({ outcome: 'booting' })
    expect(after(90, [offer, came])).toMatchObject({
      because: 'its DHCP request as iPXE is awaited for 88 s, and never came',
    })
  })

  it('of a profile without answers is loaded for good', () => {
    expect(after(7200, LOADED, false)).toEqual({ outcome: 'loaded' })
  })
})

describe('status', () => {
  const MAC = '52:54:00:00:00:01'
  let made: TestService
  let app: ReturnType<typeof createHttpApp>

  beforeEach(async () => {
    const folder = temporaryFolder()
    writeFiles(folder, { 'assets/k v': '12345', 'assets/i': '12345' })
    made = await serviceFor(
      `assets: assets\nprofiles: { a: { kernel: k v, initrd: [i, gone] } }\nmachines: { m: { mac: "${MAC}", profile: a } }`.replace(
        ', gone',
        '',
      ),
      { folder },
    )
    app = createHttpApp(made.service)
  })
  afterEach(() => app.close())

  it('goes with one line of the log for a boot that stands still, and another when it does so again', () => {
    const told: string[] = []
    let nowMs = 0
    const log = new EventLog(undefined, 'json', () => nowMs)
    const outcomes = new Outcomes()
    log.subscribe((record) => outcomes.hear(record))
    const look = () => {
      for (const { why } of outcomes.newStalls(nowMs, () => true)) told.push(why)
    }
    const boot = { mac: MAC, boot: 'b' }
    log.emit('dhcp.reply', { ...boot, file: 'ipxe.efi' })
    for (nowMs = 0; nowMs < 60_000; nowMs += 5000) look()
    log.emit('tftp.end', { ...boot, file: 'ipxe.efi', outcome: 'done' })
    for (; nowMs < 240_000; nowMs += 5000) look()
    expect(told).toEqual([
      'ipxe.efi is awaited for 15 s, and never came',
      'its DHCP request as iPXE is awaited for 60 s, and never came',
    ])
  })

  it('tells a boot that worked from one that failed, from what was really fetched', async () => {
    await boots(made, { mac: MAC, final: '1' })
    const { ip } = made.service.sessions.get(MAC)!
    const outcome = () => statusOf(made.service).machines[0]
    expect(outcome()).toMatchObject({ mac: MAC, outcome: 'booting' })
    await app.inject({ url: '/assets/nothing', remoteAddress: ip! })
    expect(outcome()).toMatchObject({
      outcome: 'failed',
      because: '/assets/nothing over HTTP: 404',
    })
    await app.inject({ url: '/assets/k%20v', remoteAddress: ip! })
    await app.inject({ method: 'HEAD', url: '/assets/i', remoteAddress: ip! })
    expect(outcome()).not.toMatchObject({ outcome: 'loaded' })
    await app.inject({ url: '/assets/i', remoteAddress: ip! })
    expect(outcome()).toMatchObject({ outcome: 'loaded' })
    expect(outcome()?.because).toBeUndefined()
  })
})
