import type { Bytes } from './bytes.ts'
import { KEY } from './keyboard.ts'

export interface MenuItem {
  /** Absent for a separator. */
  readonly name?: Bytes
  readonly text: Bytes
  readonly key: number
  readonly isDefault: boolean
}

export interface Menu {
  readonly title: Bytes
  readonly items: MenuItem[]
}

/** Rows of the screen that show items. */
const ROWS = 20

/** Where a menu starts: the item asked for, else the last default, else the first that has a name; -1: none has. */
export const firstChoice = (items: readonly MenuItem[], wanted: Bytes | undefined): number => {
  const first = items.findIndex(({ name }) => name !== undefined)
  const chosen = items.findLastIndex(
    ({ name, isDefault }) =>
      name !== undefined && (wanted === undefined ? isDefault : name === wanted),
  )
  return chosen < 0 ? first : chosen
}

const movesOf = (key: number, at: number, count: number): number => {
  switch (key) {
    case KEY.up:
      return -1
    case KEY.down:
      return 1
    case KEY.home:
      return -count
    case KEY.end:
      return count
    case KEY.pageUp:
      return -(at % ROWS) - 1
    case KEY.pageDown:
      return ROWS - (at % ROWS)
    default:
      return 0
  }
}

/** Moves the selection and goes on over separators; at either end it turns round. */
const moveFrom = (items: readonly MenuItem[], from: number, by: number): number => {
  let at = from
  for (let step = by; step !== 0;) {
    at += step
    step = step > 0 ? 1 : -1
    if (at < 0) {
      at = 0
      step = 1
    } else if (at >= items.length) {
      at = items.length - 1
      step = -1
    }
    if (items[at]?.name !== undefined) return at
  }
  return at
}

/** What a key does in a menu: the selection after it, and whether that ends the menu. */
export const pressInMenu = (
  items: readonly MenuItem[],
  at: number,
  key: number,
): { at: number; ends?: 'chosen' | 'cancelled' } => {
  if (key === KEY.escape || key === KEY.ctrlC) return { at, ends: 'cancelled' }
  if (key === KEY.enter || key === KEY.newline) return { at, ends: 'chosen' }
  const move = movesOf(key, at, items.length)
  if (move !== 0) return { at: moveFrom(items, at, move) }
  const shortcut = items.findLastIndex((item) => item.key !== 0 && item.key === key)
  if (shortcut < 0) return { at }
  if (items[shortcut]!.name !== undefined) return { at: shortcut, ends: 'chosen' }
  return { at: moveFrom(items, shortcut, 1) }
}
