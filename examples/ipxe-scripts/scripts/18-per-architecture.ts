// The processor, not the build, says which kernel fits: BIOS builds call themselves i386 on every machine.
import {
  chain,
  cpuid,
  facts,
  goto,
  iseq,
  label,
  script,
  set,
  setting,
  uri,
} from '@bootwire/ipxe-script'

const { buildarch, platform } = facts
const arch = setting('arch')
const [efi, bios] = [label('efi'), label('bios')]

export const boot = script(
  cpuid({ ext: true }, 29).and(set(arch, 'x86_64')).or(set(arch, 'i386')),
  iseq(buildarch, 'arm64').and(set(arch, 'arm64')).orIgnore(),
  iseq(platform, 'efi').and(goto(efi)).or(goto(bios)),
  efi,
  chain(uri`http://boot.example/efi/${arch}.ipxe`).orExit(),
  bios,
  chain(uri`http://boot.example/bios/${arch}.ipxe`).orExit(),
)
