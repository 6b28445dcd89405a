import * as fc from 'fast-check'

import type { Measure, Measurement } from '../../../scripts/measure.ts'
import {
  biosRom,
  edk2Http,
  edk2Pxe,
  huaweiUefi,
  ipxe,
  mainDhcpServer,
  raspberryPi,
  simulate,
  uBoot,
  type ClientModel,
} from '../src/clients/index.ts'
import type { BootAnswer } from '../src/index.ts'
import { ourProxy } from '../test/clients/our-proxy.ts'

const RUNS = 20_000
const FILE = 'boot/program.0'
const URL_BY_ADDRESS = 'http://192.0.2.2/boot.efi'
const boot = (more: Partial<BootAnswer> = {}): BootAnswer => ({
  action: 'boot',
  file: FILE,
  ...more,
})
const MENU = boot({ menu: { items: [{ text: 'one', file: FILE }], timeoutSeconds: 3 } })

/** A client, what it is sent, the file it must load, and how many losses it can bear. */
const CLIENTS: readonly (readonly [string, () => ClientModel, BootAnswer, string, number])[] = [
  ['EDK2 PXE, direct', edk2Pxe, boot(), FILE, 3],
  ['EDK2 PXE, direct-prompt', edk2Pxe, boot({ layout: 'direct-prompt' }), FILE, 3],
  ['Huawei UEFI, direct', huaweiUefi, boot(), FILE, 3],
  ['EDK2 PXE, binl', edk2Pxe, boot({ layout: 'binl' }), FILE, 3],
  ['EDK2 PXE, menu', edk2Pxe, MENU, FILE, 3],
  ['EDK2 HTTP Boot', edk2Http, boot({ file: URL_BY_ADDRESS }), URL_BY_ADDRESS, 3],
  // After an address iPXE waits 2 s for a proxy: the offers to its first two DISCOVERs.
  ['iPXE, direct', ipxe, boot(), FILE, 1],
  ['iPXE, menu', ipxe, MENU, FILE, 1],
  // A ROM waits through two DISCOVERs for a proxy.
  ['BIOS ROM, direct', biosRom, boot(), FILE, 1],
  ['BIOS ROM, menu', biosRom, MENU, FILE, 1],
  [
    'Raspberry Pi 4',
    () => raspberryPi({ mac: 'b8:27:eb:00:00:01' }),
    { action: 'boot' },
    '00000000/start4.elf',
    3,
  ],
  [
    'Raspberry Pi 5',
    () => raspberryPi({ model: 5, mac: '2c:cf:67:00:00:01' }),
    { action: 'boot' },
    '00000000/config.txt',
    3,
  ],
  // 100 ms after the address U-Boot goes on without a proxy: it bears none.
  ['U-Boot', uBoot, boot({ layout: 'u-boot' }), FILE, 0],
]

/** Client models under several losses and late servers, at random: how often one does not end where it must. */
export const proveClients: Measure = ({ say }) => {
  const measurements = CLIENTS.map(([name, client, decision, file, losses]): Measurement => {
    let wrong = 0
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(12), { maxLength: losses }),
        fc.nat(900),
        fc.boolean(),
        (lost, delayMs, dns) => {
          const servers = [mainDhcpServer({ delayMs, dns }), ourProxy(decision)]
          const { outcome } = simulate({
            client: client(),
            servers,
            lose: (index) => lost.includes(index),
          })
          if (outcome?.type !== 'download' || outcome.file !== file) wrong += 1
        },
      ),
      { numRuns: RUNS },
    )
    say(`${name}: ${RUNS} boots with up to ${losses} packets lost, ${wrong} wrong`)
    return {
      what: `boots that end wrong, ${name}, up to ${losses} packets lost of ${RUNS} boots`,
      unit: '',
      ours: wrong,
      bar: { of: 'ours', is: 'at most', limit: 0 },
    }
  })
  return Promise.resolve(measurements)
}
