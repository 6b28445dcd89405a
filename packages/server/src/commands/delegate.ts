import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Commands of the packages below, by their first word. */
export const DELEGATES: Readonly<Record<string, string>> = {
  dhcp: '@bootwire/dhcp-proxy',
  tftp: '@bootwire/tftp',
  ipxe: '@bootwire/ipxe-script',
  squid: '@bootwire/squid-rules',
}

/** `bootwire tftp get …` is `bootwire-tftp get …`: the other package's own command runs in this process. */
export const delegate = async (packageName: string, args: readonly string[]): Promise<void> => {
  const folder = dirname(fileURLToPath(import.meta.resolve(`${packageName}/package.json`)))
  const entry = join(folder, import.meta.url.endsWith('.ts') ? 'src/cli.ts' : 'dist/cli.js')
  process.argv = [process.execPath, entry, ...args]
  await import(pathToFileURL(entry).href)
}
