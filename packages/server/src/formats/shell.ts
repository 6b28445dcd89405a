import { scannerFor, ShellScanner } from './shell-scanner.ts'
import { fillBy, type Syntax } from './syntax.ts'

/** A script: of a shell, unless its first line names something else. */
export const shell: Syntax = {
  fill: fillBy(([first = '']) => {
    const line = first.split('\n')[0] ?? ''
    return line.startsWith('#!') ? scannerFor(line) : new ShellScanner()
  }),
}
