import type { Options } from '../../src/index.ts'

/** The whole catalogue with every mirror that it knows, and internal keys as the stock helper has them. */
export const EVERYTHING: Options = { use: ['all'], snapshot: true, canonical: false }

/** URLs as clients send them, and the internal key each must get. */
export const KEYED: readonly (readonly [url: string, key: string])[] = [
  [
    'http://ftp.halifax.rwth-aachen.de/debian/pool/main/b/bash/bash_5.2.15-2+b7_amd64.deb',
    'http://debian.pkg.squid.internal/indexed/pool/main/b/bash/bash_5.2.15-2+b7_amd64.deb',
  ],
  [
    'http://ftp.de.debian.org/debian/pool/main/b/bash/bash_5.2.15-2%2bb7_amd64.deb',
    'http://debian.pkg.squid.internal/indexed/pool/main/b/bash/bash_5.2.15-2%2bb7_amd64.deb',
  ],
  [
    `http://mirrors.kernel.org/debian/dists/bookworm/main/binary-amd64/by-hash/SHA256/${'0a'.repeat(32)}`,
    `http://debian.pkg.squid.internal/indexed/sha256/${'0a'.repeat(32)}`,
  ],
  [
    'http://ftp.us.debian.org/debian/dists/bookworm/main/installer-amd64/20230607+deb12u5/images/netboot/mini.iso',
    'http://debian.pkg.squid.internal/indexed/dists/bookworm/main/installer-amd64/20230607+deb12u5/images/netboot/mini.iso',
  ],
  [
    'http://us.archive.ubuntu.com/ubuntu/pool/main/b/bash/bash_5.1-6ubuntu1_amd64.deb',
    'http://ubuntu.pkg.squid.internal/indexed/pool/main/b/bash/bash_5.1-6ubuntu1_amd64.deb',
  ],
  [
    'http://ports.ubuntu.com/ubuntu-ports/pool/main/b/bash/bash_5.1-6ubuntu1_arm64.deb',
    'http://ubuntu-ports.pkg.squid.internal/indexed/pool/main/b/bash/bash_5.1-6ubuntu1_arm64.deb',
  ],
  [
    'http://mirrors.tuna.tsinghua.edu.cn/raspbian/raspbian/pool/main/b/bash/bash_5.2.15-2_armhf.deb',
    'http://raspbian.pkg.squid.internal/indexed/pool/main/b/bash/bash_5.2.15-2_armhf.deb',
  ],
  [
    'https://dl.rockylinux.org/pub/rocky/9/BaseOS/x86_64/os/Packages/b/bash-5.1.8-6.el9_1.x86_64.rpm',
    'http://rocky.pkg.squid.internal/signed/9/BaseOS/x86_64/os/Packages/b/bash-5.1.8-6.el9_1.x86_64.rpm',
  ],
  [
    'https://dl.rockylinux.org/vault/rocky/9.4/BaseOS/x86_64/os/Packages/b/bash-5.1.8-6.el9_1.x86_64.rpm',
    'http://rocky.pkg.squid.internal/signed/9/BaseOS/x86_64/os/Packages/b/bash-5.1.8-6.el9_1.x86_64.rpm',
  ],
  [
    'https://repo.almalinux.org/almalinux/9/BaseOS/x86_64/os/Packages/libmnl-1.0.4-15.el9.x86_64.rpm',
    'http://almalinux.pkg.squid.internal/signed/9/BaseOS/x86_64/os/Packages/libmnl-1.0.4-15.el9.x86_64.rpm',
  ],
  [
    'https://rpmfind.net/linux/centos-stream/9-stream/BaseOS/x86_64/os/Packages/acl-2.3.1-4.el9.x86_64.rpm',
    'http://centos-stream.pkg.squid.internal/signed/9-stream/BaseOS/x86_64/os/Packages/acl-2.3.1-4.el9.x86_64.rpm',
  ],
  [
    'http://mirror.centos.org/centos/7/storage/x86_64/gluster-4.1/glusterfs-4.1.2-1.el7.x86_64.rpm',
    'http://centos.pkg.squid.internal/signed/7.9.2009/storage/x86_64/gluster-4.1/glusterfs-4.1.2-1.el7.x86_64.rpm',
  ],
  [
    'http://vault.centos.org/7.9.2009/storage/x86_64/gluster-4.1/glusterfs-4.1.2-1.el7.x86_64.rpm',
    'http://centos.pkg.squid.internal/signed/7.9.2009/storage/x86_64/gluster-4.1/glusterfs-4.1.2-1.el7.x86_64.rpm',
  ],
  [
    'http://buildlogs.centos.org/centos/7/storage/x86_64/gluster-4.1/glusterfs-4.1.2-1.el7.x86_64.rpm',
    'http://centos-buildlogs.pkg.squid.internal/unsigned/7.9.2009/storage/x86_64/gluster-4.1/glusterfs-4.1.2-1.el7.x86_64.rpm',
  ],
  [
    'http://archive.linux.duke.edu/pub/fedora/linux/updates/40/Everything/x86_64/Packages/b/bash-5.2.26-3.fc40.x86_64.rpm',
    'http://fedora.pkg.squid.internal/signed/updates/40/Everything/x86_64/Packages/b/bash-5.2.26-3.fc40.x86_64.rpm',
  ],
  [
    `https://dl.fedoraproject.org/pub/fedora/linux/releases/40/Everything/x86_64/os/repodata/${'b1'.repeat(32)}-primary.xml.zst`,
    `http://fedora.pkg.squid.internal/signed/sha256/${'b1'.repeat(32)}-primary.xml.zst`,
  ],
  [
    'https://rpmfind.net/linux/epel/9/Everything/x86_64/Packages/j/jemalloc-5.2.1-2.el9.x86_64.rpm',
    'http://epel.pkg.squid.internal/signed/9/Everything/x86_64/Packages/j/jemalloc-5.2.1-2.el9.x86_64.rpm',
  ],
  [
    'http://ftp.halifax.rwth-aachen.de/opensuse/update/leap/15.6/oss/x86_64/bash-4.4-150400.27.3.1.x86_64.rpm',
    'http://opensuse.pkg.squid.internal/signed/update/leap/15.6/oss/x86_64/bash-4.4-150400.27.3.1.x86_64.rpm',
  ],
  [
    'https://geo.mirror.pkgbuild.com/extra/os/x86_64/7zip-24.08-2-x86_64.pkg.tar.zst',
    'http://arch.pkg.squid.internal/signed/extra/os/x86_64/7zip-24.08-2-x86_64.pkg.tar.zst',
  ],
  [
    'https://geo.mirror.pkgbuild.com/extra/os/x86_64/7zip-24.08-2-x86_64.pkg.tar.zst.sig',
    'http://arch.pkg.squid.internal/signed/extra/os/x86_64/7zip-24.08-2-x86_64.pkg.tar.zst.sig',
  ],
  [
    'https://mirrors.aliyun.com/alpine/v3.18/main/x86_64/syslinux-6.04_pre1-r13.apk',
    'http://alpine.pkg.squid.internal/signed/v3.18/main/x86_64/syslinux-6.04_pre1-r13.apk',
  ],
  [
    `https://files.pythonhosted.org/packages/ab/cd/${'12'.repeat(30)}/six-1.16.0-py2.py3-none-any.whl`,
    `http://pypi.pkg.squid.internal/indexed/packages/ab/cd/${'12'.repeat(30)}/six-1.16.0-py2.py3-none-any.whl`,
  ],
  [
    'https://registry.yarnpkg.com/@types/node/-/node-20.1.0.tgz',
    'http://npm-yarnpkg.pkg.squid.internal/indexed/@types/node/-/node-20.1.0.tgz',
  ],
  [
    'https://static.crates.io/crates/serde/1.0.0/download',
    'http://crates.pkg.squid.internal/indexed/serde/serde-1.0.0.crate',
  ],
  [
    'https://proxy.golang.org/github.com/!azure/go-autorest/@v/v14.2.0+incompatible.zip',
    'http://go.pkg.squid.internal/indexed/github.com/!azure/go-autorest/@v/v14.2.0+incompatible.zip',
  ],
  [
    `https://quay.io/v2/fedora/fedora/blobs/sha256:${'9c'.repeat(32)}`,
    `http://oci.pkg.squid.internal/indexed/sha256/${'9c'.repeat(32)}`,
  ],
]

const BASH = 'mirrors.kernel.org/debian/pool/main/b/bash/bash_5.2-1_amd64.deb'

/** URLs that must not get a key, and why. */
export const NOT_KEYED: readonly (readonly [url: string, why: string])[] = [
  ['http://mirrors.kernel.org/debian/dists/bookworm/InRelease', 'mutable'],
  ['http://mirrors.kernel.org/debian/dists/bookworm/main/binary-amd64/Packages.xz', 'mutable'],
  [
    'http://mirrors.kernel.org/debian/dists/bookworm/main/installer-amd64/current/images/netboot/mini.iso',
    'mutable',
  ],
  ['http://dl.fedoraproject.org/pub/epel/epel-release-latest-9.noarch.rpm', 'mutable'],
  [
    'http://dl.fedoraproject.org/pub/epel/9/Everything/x86_64/Packages/e/epel-release-latest-9.noarch.rpm',
    'mutable',
  ],
  ['https://dl.rockylinux.org/pub/rocky/9/BaseOS/x86_64/os/repodata/repomd.xml', 'mutable'],
  ['https://dl.rockylinux.org/pub/rocky/9/BaseOS/x86_64/os/images/pxeboot/vmlinuz', 'mutable'],
  ['http://download.opensuse.org/tumbleweed/repo/oss/x86_64/bash-5.2-1.1.x86_64.rpm', 'mutable'],
  ['https://dl-cdn.alpinelinux.org/alpine/edge/main/x86_64/make-4.1-r0.apk', 'mutable'],
  ['https://geo.mirror.pkgbuild.com/core/os/x86_64/core.db', 'mutable'],
  ['https://proxy.golang.org/github.com/pkg/errors/@v/v0.9.1.info', 'mutable'],
  ['https://registry.yarnpkg.com/left-pad', 'mutable'],
  [
    'https://dl.rockylinux.org/pub/rocky/9/BaseOS/x86_64/os/Packages/b/bash-5.1.8-6.el9_1.x86_64.rpm.sig',
    'unknown',
  ],
  ['http://mirrors.kernel.org/debian/README', 'unknown'],
  [`http://evil.example/debian/pool/main/b/bash/bash_5.2-1_amd64.deb`, 'no mirror'],
  [
    `http://mirrors.kernel.org.evil.example/debian/pool/main/b/bash/bash_5.2-1_amd64.deb`,
    'no mirror',
  ],
  [`http://xdebian.org/debian/pool/main/b/bash/bash_5.2-1_amd64.deb`, 'no mirror'],
  [`http://evil.example/?u=http://${BASH}`, 'query'],
  [`http://${BASH}?x=1`, 'query'],
  [`http://${BASH}#x`, 'fragment'],
  [`http://user@${BASH}`, 'user'],
  [`http://user:password@${BASH}`, 'user'],
  ['http://mirrors.kernel.org:8080/debian/pool/main/b/bash/bash_5.2-1_amd64.deb', 'port'],
  ['http://mirrors.kernel.org/debian/pool/../pool/main/b/bash_5.2-1_amd64.deb', 'dots'],
  ['http://mirrors.kernel.org/debian/pool/./main/b/bash_5.2-1_amd64.deb', 'dots'],
  ['http://mirrors.kernel.org/debian/pool//main/b/bash_5.2-1_amd64.deb', 'empty segment'],
  ['http://mirrors.kernel.org/debian/pool/%2e%2e/main/b/bash_5.2-1_amd64.deb', 'escape'],
  ['http://mirrors.kernel.org/debian/pool/main%2fb/bash_5.2-1_amd64.deb', 'escape'],
  ['http://mirrors.kernel.org/debian/pool/main/b/bash%00_5.2-1_amd64.deb', 'escape'],
  ['http://mirrors.kernel.org/debian/pool/main/b/bash_$1_amd64.deb', 'dollar'],
  ['http://mirrors.kernel.org/debian/pool/main/b/caf\u00e9_1_amd64.deb', 'byte'],
  ['mirrors.kernel.org:443', 'CONNECT'],
  [`ftp://${BASH}`, 'scheme'],
]
