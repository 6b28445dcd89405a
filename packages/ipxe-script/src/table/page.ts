import { COMMANDS, type CommandSpec } from './commands.ts'
import { PROFILES } from './profile.ts'

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  flag: '',
  string: ' TEXT',
  int: ' NUMBER',
  ms: ' MILLISECONDS',
  key: ' KEY',
  setting: ' SETTING',
}

const availability = (feature: string): string => {
  const names = [...PROFILES.values()]
    .filter(({ features }) => features.has(feature))
    .map(({ name }) => name)
  if (names.length === PROFILES.size) return 'all profiles'
  return names.length === 0 ? 'no stock profile' : names.join(', ')
}

const argumentsOf = (spec: CommandSpec): string =>
  spec.arguments
    .map(({ kind, optional, repeated }) =>
      optional ? ` [${kind}${repeated ? ' …' : ''}]` : ` ${kind}`,
    )
    .join('')

const optionLines = (spec: CommandSpec): readonly string[] =>
  spec.options.map(({ long, short, value }) => {
    const feature = `${spec.name} --${long}`
    const same = availability(feature) === availability(spec.name)
    return `- \`--${long}${PLACEHOLDERS[value]!}\`, \`-${short}\`${same ? '' : ` (${availability(feature)})`}`
  })

const failure = {
  never: 'Never fails.',
  'with arguments': 'Never fails without arguments.',
  sometimes: '',
}

const section = (spec: CommandSpec): string => {
  const lines = [`### ${spec.name}`, '', `\`${spec.name}${argumentsOf(spec)}\``, '']
  lines.push(`${spec.summary}. In ${availability(spec.name)}. ${failure[spec.fails]}`.trimEnd())
  const options = spec.canonical === spec.name ? optionLines(spec) : []
  if (options.length > 0) lines.push('', ...options)
  if (spec.canonical !== spec.name && spec.options.length > 0)
    lines.push('', `Options: those of \`${spec.canonical}\`.`)
  return lines.join('\n')
}

/** The reference page of commands, `docs/commands.md`, out of the table. */
export const commandsPage = (): string => {
  const specs = [...COMMANDS.values()]
  const groups = [...new Set(specs.map(({ group }) => group))]
  return [
    '# Commands of iPXE',
    '',
    'Written from the command table; `npm test` checks that it is up to date. Every command is a function of the same name',
    'in the library. Options stand before arguments; times are milliseconds, those of `sleep` seconds.',
    '',
    ...[...PROFILES.values()].map(
      ({ name, summary, schemes }) =>
        `- \`${name}\`: ${summary}; URI schemes ${[...schemes].join(', ')}`,
    ),
    '',
    groups
      .map((group) =>
        [
          `## ${group[0]!.toUpperCase()}${group.slice(1)}`,
          ...specs.filter((spec) => spec.group === group).map(section),
        ].join('\n\n'),
      )
      .join('\n\n'),
    '',
  ].join('\n')
}
