/** A key at a time of the virtual clock. */
export interface Press {
  /** A character, a name (`enter`, `esc`, `up`, `ctrl-b`, `f8`), or text to type as it is. */
  readonly key: string
  /** When, in milliseconds from the script's start. Default: 0, so that it waits in the buffer. */
  readonly atMs?: number
}

const ESC = 0x1b

/** Numbers of the keys that have no character, as iPXE's `keys.h` makes them of their terminal sequences. */
const NAMED: Readonly<Record<string, number>> = {
  enter: 0x0d,
  esc: ESC,
  tab: 0x09,
  space: 0x20,
  backspace: 0x08,
  up: 0x141,
  down: 0x142,
  right: 0x143,
  left: 0x144,
  end: 0x146,
  home: 0x148,
  delete: 0x47e,
  pgup: 0x67e,
  pgdn: 0x77e,
  f5: 0x107e,
  f6: 0x127e,
  f7: 0x137e,
  f8: 0x147e,
  f9: 0x157e,
  f10: 0x167e,
  f11: 0x187e,
  f12: 0x197e,
}

/** Numbers by the names that people give keys: `f8`, `ctrl-b`. */
export const namedKeys: ReadonlyMap<string, number> = /* @__PURE__ */ new Map([
  ...Object.entries(NAMED),
  ...Array.from({ length: 26 }, (_, index): [string, number] => [
    `ctrl-${String.fromCharCode(0x61 + index)}`,
    index + 1,
  ]),
])

/** Numbers of the keys that the interpreter itself looks for. */
export const KEY: Readonly<
  Record<
    | 'enter'
    | 'newline'
    | 'escape'
    | 'ctrlC'
    | 'ctrlX'
    | 'tab'
    | 'backspace'
    | 'rubout'
    | 'up'
    | 'down'
    | 'end'
    | 'home'
    | 'pageUp'
    | 'pageDown'
    | 'left'
    | 'right'
    | 'delete',
    number
  >
> = {
  enter: 0x0d,
  newline: 0x0a,
  escape: ESC,
  ctrlC: 0x03,
  ctrlX: 0x18,
  tab: 0x09,
  backspace: 0x08,
  rubout: 0x7f,
  up: 0x141,
  down: 0x142,
  end: 0x146,
  home: 0x148,
  pageUp: 0x67e,
  pageDown: 0x77e,
  left: 0x144,
  right: 0x143,
  delete: 0x47e,
}

const codesOf = (key: string): number[] => {
  const named = NAMED[key]
  if (named !== undefined) return [named]
  const control = /^ctrl-([a-z])$/.exec(key)
  if (control) return [control[1]!.charCodeAt(0) - 0x60]
  return Array.from(key, (character) => character.codePointAt(0)!)
}

/** `l`, `l@2s`, `enter@500ms`, `ctrl-b@0`: what `--press` takes. Nothing where the time cannot be read. */
export const parsePress = (text: string): Press | undefined => {
  const match = /^(.+)@(\d+(?:\.\d+)?)(ms|s)?$/s.exec(text)
  if (!match) return text === '' || /.@/s.test(text) ? undefined : { key: text }
  return { key: match[1]!, atMs: Number(match[2]) * (match[3] === 'ms' ? 1 : 1000) }
}

/** The keys that will be pressed, and the clock that waiting for them moves. */
export class Keyboard {
  nowMs = 0
  readonly #queue: { code: number; atMs: number }[]

  constructor(presses: readonly Press[]) {
    this.#queue = presses
      .flatMap(({ key, atMs = 0 }) => codesOf(key).map((code) => ({ code, atMs })))
      .toSorted((a, b) => a.atMs - b.atMs)
  }

  /** The next key within the time; -1 when it runs out; nothing where no key will ever come. 0: no time limit. */
  wait(timeoutMs: number): number | undefined {
    const next = this.#queue[0]
    if (next && (timeoutMs === 0 || next.atMs <= this.nowMs + timeoutMs)) {
      this.#queue.shift()
      this.nowMs = Math.max(this.nowMs, next.atMs)
      return next.code
    }
    if (timeoutMs === 0) return undefined
    this.nowMs += timeoutMs
    return -1
  }

  /** Lets time pass and drops the keys pressed meanwhile; false where one of them was Ctrl-C, which ends the wait. */
  sleep(ms: number): boolean {
    const until = this.nowMs + ms
    while (this.nowMs < until) {
      const left = until - this.nowMs
      if (this.wait(left) === KEY.ctrlC) return false
    }
    return true
  }
}
