// Which Debian packages tests, benchmarks and the demo use, and what for. A row of a package that a release lacks costs
// only what its `for` says.

/** Installed system-wide, with their services kept from starting. Value: what uses it. */
export const INSTALLED = {
  iproute2: 'network namespaces',
  'util-linux': 'mount namespaces',
  'dnsmasq-base': "the test network's own DHCP server",
  'qemu-system-x86': 'virtual x86 machines',
  'qemu-system-arm': 'virtual ARM machines',
  ipxe: 'iPXE as this release has it',
  'ipxe-qemu': "the network card's iPXE ROM",
  seabios: 'BIOS machines',
  ovmf: 'UEFI machines',
  'qemu-efi-aarch64': 'UEFI machines of ARM',
  'busybox-static': "the payload's init",
  cpio: "the payload's initrd",
  curl: 'HTTP requests of a program nobody here wrote',
  'tftp-hpa': 'tftp-hpa as client',
  'tftpd-hpa': 'tftp-hpa as server',
  atftp: 'atftp as client',
  squid: 'Squid',
  'kea-dhcp4-server': 'Kea as DHCP server',
  'nginx-light': 'nginx as peer of the HTTP server',
  dnf: 'dnf as client of the package cache',
  rpm: "rpm packages of the package cache's tests",
  'createrepo-c': "rpm repositories of the package cache's tests",
  'apt-utils': "apt repositories of the package cache's tests",
  gpg: 'signatures of those repositories',
  gpgv: 'their verification',
  openssl: 'certificates of https origins',
  'grub-common': 'GRUB images',
  'grub-efi-amd64-bin': 'GRUB images for UEFI',
  xorriso: 'ISO images, and their contents as another program reads them',
  genisoimage: 'ISO images as another program makes them',
  tcpdump: "what the test network's bridge carried",
  iptables: 'faulty networks',
  nftables: 'firewalls of hosts',
  perl: 'stand-ins for service managers and load generators',
  'golang-go': "Go's own templates and HTTP beside ours",
  gcc: 'load generators in C',
  'libc6-dev': 'load generators in C',
  'gcc-aarch64-linux-gnu': "the socket helper's rebuild",
  'musl-tools': "musl's loader for the socket helper",
  'qemu-user-static': 'Node on arm64 for the socket helper',
  'libstdc++6-arm64-cross': 'Node on arm64 for the socket helper',
}

/**
 * Downloaded and unpacked below `.cache/debian/SUITE/NAME`, not installed, so nothing of the system changes.
 *
 * @typedef {object} UnpackedRow
 * @property {string | RegExp} package its name; an expression for a name that changes with a release: the highest number counts
 * @property {string} for what uses it
 * @property {string} [suite] a suite of the same mirror; absent: this host's own release
 * @property {string} [architecture] absent: this host's own
 * @property {string} [version] the pinned version, of a named suite
 * @property {string} [sha256] of the pinned version's file
 * @property {boolean} [closure] with everything it depends on, so that the folder can be a root of its own
 * @property {'prove'} [when] absent: `npm test` brings it; else the command that needs it does
 */

/** @type {Readonly<Record<string, UnpackedRow>>} */
export const UNPACKED = {
  kernel: { package: 'linux-image-cloud-amd64', for: 'the kernel that machines boot' },
  // It conflicts with tftpd-hpa.
  atftpd: { package: 'atftpd', for: 'atftp as server' },
  installer: {
    package: /^debian-installer-(\d+)-netboot-amd64$/,
    for: 'the Debian installer that machines boot',
  },
  shim: { package: 'shim-signed', for: 'Secure Boot' },
  // It conflicts with squid.
  squidOpenssl: { package: 'squid-openssl', for: 'https origins of the package cache' },
  signedGrub: { package: 'grub-efi-amd64-signed', for: 'Secure Boot' },
  etcd: { package: 'etcd-server', for: 'replicas that share their state' },

  // The interpreter of scripts is held beside this very build, whatever the release has.
  ipxe2019: {
    package: 'ipxe',
    suite: 'bookworm',
    version: '1.0.0+git-20190125.36a4c85-5.1',
    sha256: '49dc854857dcfb354292bdc79ce7419e0d72988666723395b2e102d147c3730d',
    for: 'iPXE of 2019',
  },

  // What is newer than the oldest supported release.
  ipxe2025: {
    package: 'ipxe',
    suite: 'trixie',
    version: '1.21.1+git20250501.dad20602+dfsg-1',
    sha256: 'eeaca79dbde0fb86c102bf1d362c6f6a67ed0ddab38b3dd12e1b332339f5dd99',
    for: 'iPXE of 2025',
  },
  ipxe2: {
    package: 'ipxe',
    suite: 'sid',
    version: '2.0.0+dfsg-5',
    sha256: 'f0f2b3df949f3207e2ca5c1324d23d0ad94a968c3d53e18ed8ea57b12f24a4bb',
    for: 'iPXE 2.0 for x86, ARM, RISC-V and LoongArch',
  },
  kernelArm64: {
    package: 'linux-image-cloud-arm64',
    architecture: 'arm64',
    for: 'the kernel that ARM machines boot',
  },
  busyboxArm64: {
    package: 'busybox-static',
    architecture: 'arm64',
    for: "the payload's init on ARM machines",
  },
  ipxeQemu2: {
    package: 'ipxe-qemu',
    suite: 'sid',
    version: '2.0.0+dfsg-5',
    sha256: '4d566dc0b7e3e5b2afb0061f3a2f83784ce36368775d5196c93e5bb6e68b05e8',
    for: "the network card's iPXE 2.0 ROM",
    when: 'prove',
  },
  shim16: {
    package: 'shim-signed',
    suite: 'trixie',
    version: '1.51~1+deb13u1+16.1-2~deb13u1',
    sha256: '3c802fa303c0e6bf126adee74028d1042e3120360d159c2c05181dc9b2f61005',
    for: 'Secure Boot with shim 16.1',
  },
  signedGrub212: {
    package: 'grub-efi-amd64-signed',
    suite: 'trixie',
    version: '1+2.12+9+deb13u4',
    sha256: '9090ac76b1bb4d009298583c6e5af1e7b2cae8bce96a40d42a271eb2f750b536',
    for: 'Secure Boot with GRUB 2.12',
  },
  signedGrub214: {
    package: 'grub-efi-amd64-signed',
    suite: 'sid',
    version: '1+2.14+4',
    sha256: '2cfc3adeaeb4fc091d5cdeb95531612ce7fd50d929ec75d117cc962f31f554d2',
    for: 'Secure Boot with GRUB 2.14',
    when: 'prove',
  },
  ovmf2026: {
    package: 'ovmf-generic',
    suite: 'sid',
    version: '2026.08+ds-2',
    sha256: '05c1593998ba58700ff86c062bde306321af1f5a2943ea9ceef6c2332f3f3374',
    for: 'UEFI machines with firmware of 2026',
    when: 'prove',
  },
  aavmf2026: {
    package: 'qemu-efi-aarch64',
    suite: 'sid',
    version: '2026.08+ds-2',
    sha256: '30467a3593c099ea42bd6ff3c4590e4b205edf9a7b98844f4bed17cd8b05eb58',
    for: 'UEFI machines of ARM with firmware of 2026',
    when: 'prove',
  },
  edk2Riscv64: {
    package: 'qemu-efi-riscv64',
    suite: 'sid',
    version: '2026.08+ds-2',
    sha256: 'a3589d1ba298ddb11baff0430af0de17228edd3721921d623977f99a15fd87ec',
    for: 'UEFI machines of RISC-V',
    when: 'prove',
  },
  qemuRiscv: {
    package: 'qemu-system-riscv',
    suite: 'sid',
    version: '1:11.1.3+ds-1',
    sha256: '773bfb8202fe7bc787492d84935aaa06e800a9abdde2fb95c125228c468008a5',
    closure: true,
    for: 'virtual RISC-V machines',
    when: 'prove',
  },
  ubootQemu: {
    package: 'u-boot-qemu',
    suite: 'sid',
    version: '2025.01-3.2',
    sha256: '27cef6cc201f578404564766818edafcda0cc8e227cc5a6d349f315b120a26be',
    for: 'ARM machines with U-Boot',
    when: 'prove',
  },
  squid6: {
    package: 'squid',
    suite: 'trixie',
    version: '6.13-2+deb13u4',
    sha256: '77f18142d8bb0e5cccf9845accf20007c3c4ea09eb216e6d98b2c43c746c96da',
    closure: true,
    for: 'Squid 6.13',
    when: 'prove',
  },
  squid7: {
    package: 'squid',
    suite: 'sid',
    version: '7.7-1',
    sha256: '0c7c5e0d06cf7549948ca3ea1ce6172737f6e198b7ecd17e169033c61ce029cc',
    closure: true,
    for: 'Squid 7.7',
    when: 'prove',
  },
  squidOpenssl6: {
    package: 'squid-openssl',
    suite: 'trixie',
    version: '6.13-2+deb13u4',
    sha256: '28b98cfafd0fa84605999c034c20f5ba26ddd4f2f13d6d8648867db1d1c1bd0d',
    closure: true,
    for: 'https origins of Squid 6.13',
    when: 'prove',
  },
  squidOpenssl7: {
    package: 'squid-openssl',
    suite: 'sid',
    version: '7.7-1',
    sha256: '345980df11fe950d5aae7b3bbaa6474d9d82d645304d333b3bc2ee4c3bdec3df',
    closure: true,
    for: 'https origins of Squid 7.7',
    when: 'prove',
  },
  dnsmasq293: {
    package: 'dnsmasq-base',
    suite: 'sid',
    version: '2.93-3',
    sha256: '8317c4c644b39250111d0e67cff88c5f51853e23b1040b9ad1ced7fb0f6e0df0',
    closure: true,
    for: 'dnsmasq 2.93',
    when: 'prove',
  },
  etcd35: {
    package: 'etcd-server',
    suite: 'sid',
    version: '3.5.30-2',
    sha256: '11a4f7e350c5020b83edff5160a6063d4e56ac9cd014d21ce8916378bf96de79',
    for: 'etcd 3.5',
    when: 'prove',
  },
}
