/**
 * What may stand in a path that gets a key. Left out on purpose: `$` (the stock helper expands what it captured
 * again), `%` but for {@link ESCAPES}, quotes, blanks, backslash and every byte outside printable ASCII.
 */
export const PLAIN = 'A-Za-z0-9._~+:^=,@!-'

/** {@link PLAIN} without the dot: no wildcard matches a name that begins with one, as in a shell. */
export const PLAIN_FIRST = 'A-Za-z0-9_~+:^=,@!-'

/** The percent escapes that are let through: + : @ ^ ~, which clients write either way. Squid undoes them in a key. */
export const ESCAPES = '%(?:2[Bb]|3[Aa]|40|5[Ee]|7[Ee])'

/** Character codes, as the scanner wants them. */
export const Code = { percent: 0x25, dot: 0x2e, slash: 0x2f, zero: 0x30, nine: 0x39 } as const

/** Per byte: 1 where {@link PLAIN} holds it. */
export const IS_PLAIN: Uint8Array = Uint8Array.from({ length: 256 }, (_, code) =>
  new RegExp(`^[${PLAIN}]$`).test(String.fromCharCode(code)) ? 1 : 0,
)

/** Per byte: 1 where it ends the URL on a helper's line: what `\s` matches in a Perl byte string. */
export const IS_BLANK: Uint8Array = Uint8Array.from({ length: 256 }, (_, code) =>
  code === 32 || (code >= 9 && code <= 13) ? 1 : 0,
)
