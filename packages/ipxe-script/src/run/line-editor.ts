import type { Bytes } from './bytes.ts'
import { KEY } from './keyboard.ts'

const CTRL = { a: 0x01, b: 0x02, d: 0x04, e: 0x05, f: 0x06, k: 0x0b, u: 0x15, w: 0x17 } as const

/** A text with a cursor, as iPXE's `edit_string` moves and changes it. */
export class LineEditor {
  text: Bytes
  #at: number

  constructor(text: Bytes) {
    this.text = text
    this.#at = text.length
  }

  /** Puts `text` in place of what stands between two places, and the cursor behind it. */
  #replace(from: number, to: number, text: Bytes): void {
    this.text = this.text.slice(0, from) + text + this.text.slice(to)
    this.#at = from + text.length
  }

  /** Does what a key does; any key that edits nothing does nothing. */
  press(key: number): void {
    const at = this.#at
    const end = this.text.length
    if (key >= 0x20 && key < 0x7f) this.#replace(at, at, String.fromCharCode(key))
    else if (key === KEY.left || key === CTRL.b) this.#at = Math.max(0, at - 1)
    else if (key === KEY.right || key === CTRL.f) this.#at = Math.min(end, at + 1)
    else if (key === KEY.home || key === CTRL.a) this.#at = 0
    else if (key === KEY.end || key === CTRL.e) this.#at = end
    else if (key === KEY.backspace || key === KEY.rubout) this.#replace(Math.max(0, at - 1), at, '')
    else if (key === KEY.delete || key === CTRL.d) this.#replace(at, Math.min(end, at + 1), '')
    else if (key === CTRL.u) this.#replace(0, at, '')
    else if (key === CTRL.k) this.#replace(at, end, '')
    else if (key === CTRL.w)
      this.#replace(this.text.slice(0, at).replace(/[^ ]* *$/, '').length, at, '')
  }
}
