/**
 * Ready-made parts of scripts, correct under BIOS and UEFI.
 *
 * @module
 */
export { chainWithFacts, MACHINE_FACTS, type ChainWithFactsOptions } from './chain-with-facts.ts'
export { editArguments, type EditArgumentsOptions } from './edit-arguments.ts'
export { embeddedBootstrap, type EmbeddedBootstrapOptions } from './embedded-bootstrap.ts'
export {
  coreos,
  debianInstaller,
  kickstart,
  type CoreosOptions,
  type DebianInstallerOptions,
  type KickstartOptions,
} from './installers.ts'
export { linux, type InjectedFile, type LinuxOptions } from './linux.ts'
export { localBoot, type LocalBootOptions } from './local-boot.ts'
export { menu, type MenuEntry, type MenuOptions, type NamedMenuEntry } from './menu.ts'
export {
  memtest,
  sanboot,
  windows,
  type MemtestOptions,
  type SanbootOptions,
  type WindowsOptions,
} from './other-systems.ts'
export { retry, type RetryOptions } from './retry.ts'
