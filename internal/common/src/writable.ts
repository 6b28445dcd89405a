/** `T` while it is being built: the same fields, not yet read-only. */
export type Writable<T> = { -readonly [K in keyof T]: T[K] }
