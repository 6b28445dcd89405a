/** Squid reads a line into 8 KB (`BUFSIZ`); an expression must leave room for the rest of its line. */
const MAX_REGEX_BYTES = 4000

/** Alternatives as few expressions as fit into a line each. */
export const joined = (
  alternatives: readonly string[],
  regexOf: (all: string) => string,
): string[] => {
  const lines: string[] = []
  let group: string[] = []
  let bytes = 0
  for (const each of alternatives) {
    if (group.length > 0 && bytes + each.length > MAX_REGEX_BYTES) {
      lines.push(regexOf(group.join('|')))
      group = []
      bytes = 0
    }
    group.push(each)
    bytes += each.length + 1
  }
  return group.length === 0 ? lines : [...lines, regexOf(group.join('|'))]
}
