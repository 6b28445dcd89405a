import type { Decision, MenuItem } from './decide.ts'
import { isIpxe } from './loaders.ts'
import type { Located } from './model.ts'

/** A profile of ours, before it has a name. */
export type BootProfile =
  | { readonly kind: 'ignore' }
  | { readonly kind: 'local' }
  | { readonly kind: 'chain'; readonly target: string; readonly efi?: string }
  | {
      readonly kind: 'menu'
      readonly title?: string
      readonly items: readonly { readonly label: string; readonly boots: BootProfile }[]
      readonly timeoutSeconds?: number
    }

/** What a machine of one architecture boots here, and what of it is not as it was. */
export interface BootPlan {
  readonly profile: BootProfile
  /** The iPXE that its firmware got. */
  readonly ipxe?: string
  readonly lost: readonly string[]
}

/** Names of iPXE's settings, and what our templates call them. */
const SETTINGS: Readonly<Record<string, string>> = {
  mac: 'mac',
  'net0/mac': 'mac',
  'mac:hexhyp': 'mac_dashed',
  'net0/mac:hexhyp': 'mac_dashed',
  uuid: 'uuid',
  serial: 'serial',
  hostname: 'hostname',
  buildarch: 'architecture',
  'next-server': 'server.address',
}

/** A name with iPXE's expansions written as our templates. */
const asTemplate = (name: string, lost: string[]): string =>
  name.replaceAll(/\$\{([^}]*)\}/g, (all, setting: string) => {
    const ours = SETTINGS[setting]
    if (ours === undefined)
      lost.push(`${all} is a setting of iPXE that templates cannot name; write a \`script\``)
    return ours === undefined ? setting : `{{ ${ours} }}`
  })

const isUrl = (name: string): boolean => /^[a-z][a-z\d+.-]*:/i.test(name)

/** A file below the old TFTP folder, or its URL where another server has it. */
const targetOf = ({ file, server }: Located, root: string | undefined, lost: string[]): string => {
  if (isUrl(file)) return asTemplate(file, lost)
  const inside =
    root !== undefined && file.startsWith(`${root.replace(/\/$/, '')}/`)
      ? file.slice(root.replace(/\/$/, '').length)
      : file
  const path = asTemplate(inside.replace(/^\/+/, ''), lost)
  return server === undefined ? path : `tftp://${server}/${path}`
}

const FIRST_UEFI = 6

/** From what dnsmasq tells firmware and its iPXE to what a profile of ours does. Pure. */
export const planBoot = (
  architecture: number,
  firmware: Decision,
  ipxe: Decision,
  root: string | undefined,
): BootPlan => {
  const lost: string[] = []
  const plan = (profile: BootProfile, own: { readonly ipxe?: string } = {}): BootPlan => ({
    profile,
    ...own,
    lost,
  })
  const chainTo = (located: Located): BootProfile => ({
    kind: 'chain',
    target: targetOf(located, root, lost),
  })

  const item = ({ label, boots }: MenuItem): { label: string; boots: BootProfile } => {
    if (boots.kind === 'local') return { label, boots: { kind: 'local' } }
    if (boots.kind === 'type') {
      lost.push(
        `the menu item "${label}" asks for a boot server of type ${boots.type}, which nothing here is`,
      )
      return { label, boots: { kind: 'local' } }
    }
    const located = { ...boots, file: boots.file.includes('.') ? boots.file : `${boots.file}.0` }
    if (!isIpxe(located.file, ipxe)) return { label, boots: chainTo(located) }
    return { label, boots: afterIpxe(ipxe, located.file) }
  }
  const menu = (decision: Extract<Decision, { kind: 'menu' }>): BootProfile => {
    const { prompt, timeoutSeconds } = decision
    const times = timeoutSeconds === undefined ? {} : { timeoutSeconds }
    return {
      kind: 'menu',
      items: decision.items.map(item),
      ...(prompt !== undefined && { title: prompt }),
      ...times,
    }
  }
  const afterIpxe = (told: Decision, from: string): BootProfile => {
    if (told.kind === 'menu') return menu(told)
    if (told.kind === 'file' && told.file !== from) return chainTo(told)
    lost.push(
      told.kind === 'file'
        ? `iPXE gets ${from} once more, so a script inside of it decides; write what that does as a profile`
        : `iPXE is told nothing after ${from}, so a script inside of it decides; write what that does as a profile`,
    )
    return { kind: 'local' }
  }

  if (firmware.kind === 'nothing')
    return plan(
      ipxe.kind === 'file' ? chainTo(ipxe) : ipxe.kind === 'menu' ? menu(ipxe) : { kind: 'ignore' },
    )
  if (firmware.kind === 'menu') return plan(menu(firmware))
  const { file, server } = firmware
  if (isIpxe(file, ipxe))
    return plan(afterIpxe(ipxe, file), { ipxe: targetOf({ file }, root, lost) })
  const isElsewhere = ipxe.kind === 'file' && ipxe.file !== file
  const goesOn = isElsewhere ? chainTo(ipxe) : chainTo(firmware)
  if (architecture >= FIRST_UEFI && server === undefined && !isUrl(file) && goesOn.kind === 'chain')
    return plan({ ...goesOn, efi: targetOf(firmware, root, lost) })
  if (isElsewhere)
    lost.push(`firmware got ${file} and iPXE ${ipxe.file}; here both get ${file}, by way of iPXE`)
  return plan(chainTo(firmware))
}
