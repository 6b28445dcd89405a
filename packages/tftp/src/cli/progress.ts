/** Where words for a human go. */
interface Terminal {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** `1536` as `1.5 KiB`. */
export const readable = (bytes: number): string => {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1)
  const value = bytes / 2 ** (10 * power)
  return `${power === 0 ? value : value.toFixed(1)} ${UNITS[power]}`
}

const BAR_CELLS = 24

/** One line that shows how far a transfer is. */
export const progressLine = (
  bytes: number,
  size: number | undefined,
  elapsedMs: number,
): string => {
  const speed = `${readable(Math.round((bytes / Math.max(elapsedMs, 1)) * 1000))}/s`
  if (!size) return `${readable(bytes)}  ${speed}`
  const share = Math.min(bytes / size, 1)
  const full = Math.round(share * BAR_CELLS)
  const bar = '#'.repeat(full) + '.'.repeat(BAR_CELLS - full)
  return `[${bar}] ${String(Math.floor(share * 100)).padStart(3)} %  ${readable(bytes)} of ${readable(size)}  ${speed}`
}

/** A progress bar, on a terminal only. */
export const progressBar = (
  terminal: Terminal,
  quiet = false,
): { show(bytes: number, size: number | undefined): void; clear(): void } => {
  const startedAt = performance.now()
  if (quiet || !terminal.isTTY) return { show: () => {}, clear: () => {} }
  return {
    show: (bytes, size) => {
      const line = progressLine(bytes, size, performance.now() - startedAt)
      terminal.write(`\r\u001b[K${line.slice(0, (terminal.columns ?? 80) - 1)}`)
    },
    clear: () => void terminal.write('\r\u001b[K'),
  }
}
