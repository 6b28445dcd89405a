import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import { NETWORK } from './bed.ts'
import { DhcpNetwork, type Decisions, type TypingMachine } from './dhcp-network.ts'
import { firmwareArguments, type Firmware } from './firmware.ts'

const HTTP = `http://${NETWORK.boot}:8080`
const DOWN = '\u001B[B'
const ENTER = '\r'
const MAC = '52:54:00:00:01:01'
/** What iPXE prints when it has started. */
const IPXE_STARTED = 'Open Source Network Boot Firmware'

const MENU = {
  items: [
    { text: 'First item', file: 'first.efi' },
    { text: 'Second item', file: 'ipxe.efi' },
  ],
  prompt: 'Choose',
  timeoutSeconds: 255,
}

/** One network of its own for each way of answering. */
const answered = (decisions: Decisions) => {
  let network: DhcpNetwork | undefined
  beforeEach(async () => {
    network = await DhcpNetwork.create(decisions)
    writeFileSync(join(network.files, 'done.ipxe'), '#!ipxe\necho SCRIPT-RUNS\nshell\n')
  })
  afterEach(async () => {
    await network?.close()
  })
  return {
    powerOn: (firmware: Firmware): TypingMachine =>
      network!.powerOn(MAC, firmwareArguments(firmware, MAC, network!.bed.folder)),
    powerOnWith: (own: readonly string[]): TypingMachine => network!.powerOn(MAC, own),
    /** What went over the wire, each kind of step once in a row. */
    story: async ({ machine }: TypingMachine): Promise<string[]> => {
      const all = (await network!.steps(machine)).map(({ what }) => what)
      return all.filter((what, index) => what !== all[index - 1])
    },
    folder: (): string => network!.bed.folder,
  }
}

/** Up to the first request for a file. */
const untilFile = (story: readonly string[]): string[] => {
  const at = story.findIndex((what) => /^(?:RRQ|GET|HEAD)/.test(what))
  return story.slice(0, at + 1).filter((what) => what !== 'HTTP')
}

describeSystem('the ProxyDHCP server and real firmware', () => {
  describe('OVMF PXE, direct', () => {
    const net = answered({ 'uefi-pxe': { action: 'boot', file: 'ipxe.efi' } })
    it('takes the file of the offer, without port 4011', async () => {
      const machine = net.powerOn('uefi')
      await machine.machine.prints(IPXE_STARTED)
      const story = untilFile(await net.story(machine))
      expect(story).toEqual(
        expect.arrayContaining(['DISCOVER', 'OFFER boot', 'OFFER main', 'REQUEST', 'ACK main']),
      )
      expect(story.at(-1)).toBe('RRQ ipxe.efi')
      expect(story).not.toContain('REQUEST 4011')
      // No acknowledgement of ours for another server's lease.
      expect(story).not.toContain('ACK boot')
      await machine.machine.powerOff()
    })
  })

  describe('OVMF PXE, BINL', () => {
    const net = answered({ 'uefi-pxe': { action: 'boot', file: 'ipxe.efi', layout: 'binl' } })
    it('asks on port 4011 and takes the file named there', async () => {
      const machine = net.powerOn('uefi')
      await machine.machine.prints(IPXE_STARTED)
      expect(untilFile(await net.story(machine)).slice(-3)).toEqual([
        'REQUEST 4011',
        'ACK 4011',
        'RRQ ipxe.efi',
      ])
      await machine.machine.powerOff()
    })
  })

  describe('OVMF PXE, a menu', () => {
    const net = answered({ 'uefi-pxe': { action: 'boot', menu: MENU } })
    it('boots the second item when a person chooses that', async () => {
      const machine = net.powerOn('uefi')
      await machine.machine.prints('Second item')
      machine.type(DOWN)
      machine.type(ENTER)
      await machine.machine.prints(IPXE_STARTED)
      expect(untilFile(await net.story(machine)).slice(-3)).toEqual([
        'REQUEST 4011',
        'ACK 4011',
        'RRQ ipxe.efi',
      ])
      await machine.machine.powerOff()
    })
  })

  describe('OVMF HTTP Boot', () => {
    const net = answered({ 'uefi-http': { action: 'boot', file: `${HTTP}/ipxe.efi` } })
    it('fetches the whole of what the URL names, without port 4011', async () => {
      const machine = net.powerOn('uefi-http')
      await machine.machine.prints('Downloading...100%')
      const story = await net.story(machine)
      expect(untilFile(story).at(-1)).toMatch(/^(?:HEAD|GET) \/ipxe\.efi$/)
      expect(story).not.toContain('REQUEST 4011')
      await machine.machine.powerOff()
    })
  })

  describe('the iPXE of a BIOS machine', () => {
    const net = answered({ ipxe: { action: 'boot', file: `${HTTP}/done.ipxe` } })
    it('runs the script that the offer names', async () => {
      const machine = net.powerOn('bios-ipxe')
      await machine.machine.prints('SCRIPT-RUNS')
      await machine.machine.powerOff()
      expect(await net.story(machine)).toContain('GET /done.ipxe')
      expect(await net.story(machine)).not.toContain('REQUEST 4011')
    })
  })

  describe('the PXE menu of a BIOS machine', () => {
    const items = [
      { text: 'First item', file: 'first.0' },
      { text: 'Second item', file: `${HTTP}/done.ipxe` },
    ]
    const net = answered({ ipxe: { action: 'boot', menu: { ...MENU, items } } })
    it('boots the second item when a person chooses that', async () => {
      const machine = net.powerOn('bios-ipxe')
      await machine.machine.prints('Second item')
      machine.type('B')
      await machine.machine.prints('SCRIPT-RUNS')
      await machine.machine.powerOff()
      expect(await net.story(machine)).toEqual(
        expect.arrayContaining(['REQUEST 4011', 'ACK 4011', 'GET /done.ipxe']),
      )
    })
  })

  describe('a fixed iPXE binary with an embedded script', () => {
    const net = answered({
      ipxe: {
        action: 'boot',
        file: 'unused.0',
        ipxe: { options: { 200: `${HTTP}/done.ipxe` } },
      },
    })
    it('boots what option 175.200 of the proxy names, which is not below net0.dhcp', async () => {
      const script = join(net.folder(), 'embedded.ipxe')
      const lines = [
        '#!ipxe',
        'dhcp',
        'echo BELOW-DHCP [${net0.dhcp/175.200:string}]',
        'chain ${175.200:string}',
        '',
      ]
      writeFileSync(script, lines.join('\n'))
      const card = ['-device', `virtio-net-pci,netdev=lan,mac=${MAC},romfile=`]
      const machine = net.powerOnWith([
        '-kernel',
        '/usr/lib/ipxe/ipxe.lkrn',
        '-initrd',
        script,
        ...card,
      ])
      await machine.machine.prints('SCRIPT-RUNS')
      expect(machine.machine.console).toContain('BELOW-DHCP []')
      await machine.machine.powerOff()
      expect(await net.story(machine)).toContain('GET /done.ipxe')
    })
  })
})
