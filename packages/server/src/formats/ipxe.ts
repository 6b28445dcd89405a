import { fillBy, type Syntax } from './syntax.ts'

/** `${` expands, `&&`, `||` and `;` end a command, blanks end a word: iPXE knows no quotes (src/core/exec.c). */
export const ipxe: Syntax = {
  fill: fillBy(() => ({
    read: () => {},
    put: ({ text }) =>
      /^[\w@%+=:,./?&[\]~-]*$/.test(text) && !text.includes('&&')
        ? { text }
        : { refused: 'iPXE would read it as more than one plain word' },
  })),
}
