import { edk2Pxe, type Edk2PxeOptions } from './edk2-pxe.ts'
import type { ClientAction, ClientModel, Datagram } from './types.ts'
import { findOption, OPTIONS_AT } from './wire.ts'

const OWN = Array.from('HW-Client', (letter) => letter.charCodeAt(0))
const USUAL = Array.from('PXEClient', (letter) => letter.charCodeAt(0))

/** The datagram with `from` at the head of option 60 replaced by `to`; anything else there is no boot server's. */
const rename = (datagram: Datagram, from: readonly number[], to: readonly number[]): Datagram => {
  const payload = Uint8Array.from(datagram.payload)
  const found = findOption(payload, 60, OPTIONS_AT)
  if (!found) return datagram
  const isFrom = from.every((byte, i) => found.value[i] === byte)
  payload.set(isFrom ? to : to.map(() => 0x3f), found.at + 2)
  return { ...datagram, payload }
}

/**
 * UEFI of Huawei's TaiShan servers: EDK2 PXE that says `HW-Client` where all others say `PXEClient`, and takes offers that
 * say so too (dnsmasq has `dhcp-pxe-vendor` for them).
 */
export const huaweiUefi = (settings: Edk2PxeOptions = {}): ClientModel => {
  const inner = edk2Pxe({ architecture: 11, ...settings })
  const originals = new Map<Datagram, Datagram>()
  const outward = (action: ClientAction): ClientAction => {
    if (action.type === 'send') return { ...action, datagram: rename(action.datagram, USUAL, OWN) }
    if (action.type !== 'verdict') return action
    const { datagram } = action.verdict
    return {
      ...action,
      verdict: { ...action.verdict, datagram: originals.get(datagram) ?? datagram },
    }
  }
  return {
    name: `Huawei UEFI PXE, architecture ${settings.architecture ?? 11}`,
    handle: (event, nowMs) => {
      if (event.type !== 'packet') return inner.handle(event, nowMs).map(outward)
      const datagram = rename(event.datagram, OWN, USUAL)
      originals.set(datagram, event.datagram)
      return inner.handle({ type: 'packet', datagram }, nowMs).map(outward)
    },
  }
}
