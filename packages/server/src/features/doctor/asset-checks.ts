import { open, readFile, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'

import { findIpxe } from '../../ipxe/find.ts'
import { unpackedFolders } from '../../ipxe/unpack.ts'
import { SLOTS } from '../../model/ipxe-binaries.ts'
import type { Plan } from '../../model/plan.ts'
import {
  kernelFault,
  programFault,
  sizeFault,
  type Fault,
  type Seen,
} from '../../programs/faults.ts'
import { readKernel, type LinuxKernel } from '../../programs/linux-kernel.ts'
import { readPe } from '../../programs/pe-image.ts'
import type { Finding, Looked } from './finding.ts'
import { moduleReleases } from './initramfs.ts'
import type { Site } from './site.ts'

/** Headers of all formats lie in it. */
const HEAD_BYTES = 65_536
const MAX_INITRD_BYTES = 512 * 1024 * 1024

const look = async (path: string): Promise<Seen | undefined> => {
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
  if (!isFile) return undefined
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return { path, bytes: (await file.stat()).size, head: buffer.subarray(0, bytesRead) }
  } finally {
    await file.close()
  }
}

const fetchIt = 'fetch it again, and compare its SHA-256 with what its maker publishes'

const findingsOf = (fault: Fault | undefined): Finding[] =>
  fault ? [{ ...fault, remedy: fetchIt }] : []

const initrdFindings = async (
  kernel: LinuxKernel | undefined,
  initrds: readonly Seen[],
): Promise<Finding[]> => {
  const { release } = kernel ?? {}
  if (release === undefined || initrds.length === 0) return []
  const found = new Set<string>()
  for (const { path, bytes } of initrds) {
    if (bytes > MAX_INITRD_BYTES) return []
    // oxlint-disable-next-line no-await-in-loop -- each may be large: one at a time
    const releases = await moduleReleases(await readFile(path))
    if (!releases) return [] // not everything was seen, so nothing is known to be missing
    for (const each of releases) found.add(each)
  }
  if (found.size === 0 || found.has(release)) return []
  const names = initrds.map(({ path }) => basename(path)).join(', ')
  return [
    {
      code: 'initrd-of-another-kernel',
      seen: `the kernel beside ${names} is ${release}, and the modules in there are for ${[...found].join(', ')}: network and disks stay dark`,
      remedy: 'take kernel and initrd from one build',
    },
  ]
}

/** A file of the assets, by what the configuration says; undefined where only a boot can tell which one it is. */
const assetPath = (assets: string, file: string): string | undefined =>
  file.includes('{{') || /^[a-z][\w+.-]*:\/\//i.test(file) ? undefined : resolve(assets, file)

const stringsOf = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter(
    (each): each is string => typeof each === 'string',
  )

/** Kernel and initrds of one profile. */
const linuxFindings = async (
  assets: string,
  { target }: Plan['profiles'][string],
): Promise<Finding[]> => {
  const of = (key: string): string[] =>
    stringsOf(Reflect.get(target, key)).flatMap((file) => assetPath(assets, file) ?? [])
  const [kernelPath] = of('kernel')
  if (kernelPath === undefined) return []
  // A file that there is not has been refused when the configuration was loaded.
  const kernel = await look(kernelPath)
  const looked = await Promise.all(of('initrd').map(look))
  const initrds = looked.filter((each) => each !== undefined)
  const findings = [
    ...(kernel ? findingsOf(kernelFault(kernel)) : []),
    ...initrds.flatMap((each) => findingsOf(sizeFault(each, 1))),
  ]
  if (findings.length > 0 || !kernel) return findings
  return initrdFindings(readKernel(kernel.head), initrds)
}

/** UEFI programs that profiles give out instead of iPXE: shim and GRUB. */
const programFindings = async (
  assets: string,
  { programs }: Plan['profiles'][string],
): Promise<Finding[]> => {
  const found: Finding[] = []
  for (const program of Object.values(programs)) {
    const path = program && assetPath(assets, program.file)
    if (path === undefined) continue
    // oxlint-disable-next-line no-await-in-loop -- two at most
    const seen = await look(path)
    if (seen) found.push(...findingsOf(programFault(seen)), ...shimFindings(seen))
  }
  return found
}

/** What stands where a signed program is expected, and is none. */
const shimFindings = ({ path, head }: Seen): Finding[] => {
  const isShim = /shim/i.test(basename(path))
  if (!isShim || readPe(head)?.isSigned !== false) return []
  const seen = `${path} carries no signature: firmware with Secure Boot refuses it`
  return [
    { code: 'unsigned', seen, remedy: 'take the distribution’s signed one (shimx64.efi.signed)' },
  ]
}

/** iPXE binaries: of the right CPU, whole, and there at all. */
const ipxeFindings = async ({ ipxe, assets, server }: Plan): Promise<Finding[]> => {
  const found: Finding[] = []
  const binaries = findIpxe({ ipxe, assets }, unpackedFolders(server.data))
  if (binaries.every(({ path }) => path === undefined)) {
    const seen = 'this host has no iPXE binary at all'
    return [{ code: 'no-ipxe', seen, remedy: `install one: ${binaries[0]?.missing ?? 'ipxe'}` }]
  }
  for (const { slot, path, title } of binaries) {
    // oxlint-disable-next-line no-await-in-loop -- seven at most
    const seen = path === undefined ? undefined : await look(path)
    if (!seen) continue
    const pe = readPe(seen.head)
    const wanted = SLOTS.find((each) => each.slot === slot)?.peMachine
    found.push(...findingsOf(programFault(seen)))
    if (wanted !== undefined && seen.bytes > 0 && pe?.machine !== wanted)
      found.push({
        code: 'wrong-architecture',
        seen: `${seen.path} is ${pe ? `for the CPU 0x${pe.machine.toString(16)}` : 'no UEFI program'}, and firmware of ${title} gets it`,
        remedy: `name the binary of that CPU under ipxe.${slot}`,
      })
  }
  return found
}

/** Files that machines are given. */
export const lookAtAssets = async ({ plan }: Site): Promise<Looked> => {
  const { assets } = plan
  const ofIpxe = await ipxeFindings(plan)
  if (assets === undefined) return { findings: ofIpxe }
  const found: Finding[] = [...ofIpxe]
  for (const profile of Object.values(plan.profiles)) {
    // oxlint-disable-next-line no-await-in-loop -- files may be large: one profile at a time
    found.push(
      ...(await linuxFindings(assets, profile)),
      ...(await programFindings(assets, profile)),
    )
  }
  // Many profiles may name one file.
  return { findings: [...new Map(found.map((each) => [each.seen, each])).values()] }
}
