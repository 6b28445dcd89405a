/** Index of the last item that starts at or before an offset; 0 where none does. Items are in order of their starts. */
export const lastBefore = <Item>(
  items: readonly Item[],
  startOf: (item: Item) => number,
  offset: number,
): number => {
  let low = 0
  let high = items.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (startOf(items[middle]!) <= offset) low = middle
    else high = middle - 1
  }
  return low
}
