import { type Block, type Text, text, uri, type UriLike } from '../build/index.ts'
import { type InjectedFile, linux } from './linux.ts'
import { listOf } from './list.ts'
import { checkOptions } from './options.ts'

type LinuxBlock = Block<
  'imgfree' | 'kernel' | 'kernel --name' | 'initrd' | 'initrd --name' | 'boot'
>

/** A kernel argument whose value is a URI: `inst.repo=http://…`. */
const argument = (name: string, value: UriLike): Text => text`${name}=${uri`${value}`}`

export interface KickstartOptions {
  /** The installation tree, the folder that holds `images/pxeboot`. */
  readonly repo: UriLike
  /** The kickstart file; without it the installer asks. */
  readonly kickstart?: UriLike
  /** The argument that tells the installer its tree; `method` up to release 6. Default: `inst.repo`. */
  readonly repoArgument?: 'inst.repo' | 'method'
  readonly args?: readonly Text[]
}

/** Installs Fedora, CentOS, RHEL and their kin out of an installation tree. */
export const kickstart = (options: KickstartOptions): LinuxBlock => {
  checkOptions('kickstart', options)
  const { repo, repoArgument = 'inst.repo', args } = options
  const ks = repoArgument === 'method' ? 'ks' : 'inst.ks'
  return linux({
    kernel: uri`${repo}/images/pxeboot/vmlinuz`,
    initrds: [uri`${repo}/images/pxeboot/initrd.img`],
    args: [
      argument(repoArgument, uri`${repo}/`),
      ...(options.kickstart === undefined ? [] : [argument(ks, options.kickstart)]),
      ...listOf('args', args),
    ],
  })
}

export interface DebianInstallerOptions {
  /** The folder that holds `linux` and `initrd.gz`. */
  readonly base: UriLike
  /** The preseed file, fetched by the installer. */
  readonly preseed?: UriLike
  /** The preseed file, put into the RAM disk by iPXE instead; needs builds of 2021-05 and later under UEFI. */
  readonly injectPreseed?: UriLike
  readonly args?: readonly Text[]
}

/** Installs Debian with its own installer. */
export const debianInstaller = (options: DebianInstallerOptions): LinuxBlock => {
  checkOptions('debianInstaller', options)
  const { base, preseed, injectPreseed, args } = options
  const automatic = preseed !== undefined || injectPreseed !== undefined
  const injected: InjectedFile[] =
    injectPreseed === undefined ? [] : [{ uri: injectPreseed, path: 'preseed.cfg' }]
  return linux({
    kernel: uri`${base}/linux`,
    initrds: [uri`${base}/initrd.gz`, ...injected],
    args: [
      ...(automatic ? ['auto=true', 'priority=critical'] : []),
      ...(preseed === undefined ? [] : [argument('preseed/url', preseed)]),
      ...listOf('args', args),
    ],
  })
}

export interface CoreosOptions {
  readonly kernel: UriLike
  readonly initramfs: UriLike
  readonly rootfs: UriLike
  readonly ignition?: UriLike
  /** A disk to install to, as `/dev/sda`; then `ignition` is for the installed system. Default: runs live. */
  readonly installTo?: string
  /** Default: `metal`. */
  readonly platform?: string
  readonly args?: readonly Text[]
}

/** Runs Fedora CoreOS or RHEL CoreOS live, or installs it. */
export const coreos = (options: CoreosOptions): LinuxBlock => {
  checkOptions('coreos', options)
  const { kernel, initramfs, rootfs, ignition, installTo, platform = 'metal', args } = options
  const forInstalled = installTo !== undefined
  return linux({
    kernel,
    initrds: [initramfs],
    args: [
      argument('coreos.live.rootfs_url', rootfs),
      'ignition.firstboot',
      `ignition.platform.id=${platform}`,
      ...(forInstalled ? [`coreos.inst.install_dev=${installTo}`] : []),
      ...(ignition === undefined
        ? []
        : [argument(forInstalled ? 'coreos.inst.ignition_url' : 'ignition.config.url', ignition)]),
      ...listOf('args', args),
    ],
  })
}
