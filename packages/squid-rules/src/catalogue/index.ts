import { almalinux } from './almalinux.ts'
import { alpine } from './alpine.ts'
import { amazon } from './amazon.ts'
import { apache } from './apache.ts'
import { arch, archArm, manjaro, msys2 } from './arch.ts'
import { centosStream } from './centos-stream.ts'
import { centos, centosAltarch, centosBuildlogs, centosDebuginfo } from './centos.ts'
import { ceph } from './ceph.ts'
import { cpan } from './cpan.ts'
import { crates } from './crates.ts'
import { cygwin } from './cygwin.ts'
import { debMultimedia } from './deb-multimedia.ts'
import {
  debian,
  debianBackports,
  debianCd,
  debianDebug,
  debianPorts,
  debianSecurity,
} from './debian.ts'
import { devuan } from './devuan.ts'
import { elrepo } from './elrepo.ts'
import { epel } from './epel.ts'
import { fedora, fedoraCoreos, fedoraSecondary } from './fedora.ts'
import { freebsd } from './freebsd.ts'
import { gentoo } from './gentoo.ts'
import { go, goproxyAliyun, goproxyCn, goproxyIo } from './go.ts'
import { hackage } from './hackage.ts'
import { jenkins } from './jenkins.ts'
import { kali } from './kali.ts'
import { kernelOrg } from './kernel-org.ts'
import { mageia } from './mageia.ts'
import { mariadb } from './mariadb.ts'
import { maven } from './maven.ts'
import { mint } from './mint.ts'
import type { Repository } from './model.ts'
import { neurodebian } from './neurodebian.ts'
import { nix } from './nix.ts'
import { nodejs } from './nodejs.ts'
import { npm, npmMirror, npmTencent, npmYarn } from './npm.ts'
import { oci } from './oci.ts'
import { opam } from './opam.ts'
import { openbsd } from './openbsd.ts'
import { openeuler } from './openeuler.ts'
import { opensuse } from './opensuse.ts'
import { openwrt } from './openwrt.ts'
import { oracle } from './oracle.ts'
import { pgdgApt, pgdgYum } from './pgdg.ts'
import { proxmox } from './proxmox.ts'
import { pypi } from './pypi.ts'
import { raspberryPi, raspbian } from './raspbian.ts'
import { remi } from './remi.ts'
import { rocky, rockySig } from './rocky.ts'
import { rpmfusion } from './rpmfusion.ts'
import { rubygems } from './rubygems.ts'
import { slackware } from './slackware.ts'
import { steam } from './steam.ts'
import { goToolchain, gradle, rust } from './toolchains.ts'
import { ubuntu, ubuntuCloud, ubuntuPorts, ubuntuReleases } from './ubuntu.ts'
import { voidLinux } from './void.ts'
import { windowsUpdate } from './windows-update.ts'
import { winehq } from './winehq.ts'
import { x2go } from './x2go.ts'
import { xcpNg } from './xcp-ng.ts'
import { zabbix } from './zabbix.ts'

/** Every repository that this package knows, in the order in which their rules are tried. One row each. */
export const CATALOGUE: readonly Repository[] = [
  debian,
  ubuntu,
  rocky,
  almalinux,
  centosStream,
  centos,
  fedora,
  epel,
  opensuse,
  arch,
  alpine,
  debianSecurity,
  ubuntuPorts,
  raspbian,
  raspberryPi,
  debianDebug,
  debianPorts,
  debianBackports,
  debianCd,
  ubuntuReleases,
  ubuntuCloud,
  kali,
  mint,
  proxmox,
  pgdgApt,
  pgdgYum,
  rockySig,
  centosAltarch,
  centosBuildlogs,
  centosDebuginfo,
  fedoraSecondary,
  fedoraCoreos,
  rpmfusion,
  oracle,
  amazon,
  archArm,
  pypi,
  npm,
  npmYarn,
  npmMirror,
  npmTencent,
  crates,
  go,
  goproxyCn,
  goproxyIo,
  goproxyAliyun,
  oci,
  nix,
  devuan,
  neurodebian,
  debMultimedia,
  x2go,
  zabbix,
  jenkins,
  mariadb,
  ceph,
  winehq,
  elrepo,
  remi,
  openeuler,
  mageia,
  xcpNg,
  manjaro,
  msys2,
  voidLinux,
  gentoo,
  slackware,
  freebsd,
  openbsd,
  cygwin,
  openwrt,
  maven,
  rubygems,
  cpan,
  hackage,
  opam,
  nodejs,
  rust,
  goToolchain,
  gradle,
  kernelOrg,
  apache,
  windowsUpdate,
  steam,
]
