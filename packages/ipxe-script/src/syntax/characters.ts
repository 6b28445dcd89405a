/** What iPXE's `isspace` accepts: space, tab, LF, VT, FF, CR. Every byte of 0x80 and above is ordinary. */
export const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d)

const MAGIC = /^#![ig]pxe[ \t\n\v\f\r]/

/** True where iPXE takes the text for a script: a magic word at its very start, and white space after it. */
export const hasMagic = (text: string): boolean => MAGIC.test(text)

/** Positional arguments one command can take: `MAX_ARGUMENTS` in iPXE's `parseopt.h` is one octet. */
export const MAX_ARGUMENTS = 255

/** Words on one line that are safe; 32-bit BIOS builds die without a word near 900 (their stack is 4 KiB). */
export const SAFE_WORDS_PER_LINE = 500

/** Bytes of one line that are safe; 50,000 were seen to work, 100,000 to fail for lack of memory. */
export const SAFE_LINE_BYTES = 32_768
