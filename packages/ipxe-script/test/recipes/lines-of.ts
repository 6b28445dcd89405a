/** The lines of a script after its first. */
export const linesOf = (value: { toString(): string }): string[] =>
  String(value).split('\n').slice(1, -1)
