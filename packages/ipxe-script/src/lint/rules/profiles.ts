import type { CommandSpec } from '../../table/index.ts'
import { endOfLine } from '../model.ts'
import { at, type Rule } from '../rule.ts'

/** Which builds with default options lack a command; nothing where all have it. */
const lackingIn = ({ on }: CommandSpec): string | undefined => {
  if (on.includes('B') && on.includes('E')) return undefined
  if (on.includes('E')) return 'not in builds for BIOS'
  return /[be]/.test(on)
    ? 'in builds of July 2026 and later only'
    : 'in no build with default options'
}

const SCHEME = /^([a-z][a-z\d+.-]*):/

/** Rules about what builds of iPXE lack. */
export const profileRules: readonly Rule[] = [
  {
    id: 'profile-command',
    severity: 'error',
    summary: 'The build that the script is for lacks the command',
    why: 'Builds differ: those for BIOS have no `param`, `console` or digests, Debian 12 has 48 commands of 92. A missing command fails, and an unguarded line ends the script. A command followed by `||` is taken as probed on purpose.',
    bad: 'poweroff\n',
    good: 'reboot\n',
    profile: 'debian12',
    check: ({ model, profiles }) =>
      model.commands.flatMap((command) =>
        profiles
          .filter(
            ({ features }) =>
              command.spec && !features.has(command.spec.name) && command.after !== '||',
          )
          .map((profile) => at(command.name, `${command.name.text} is not in ${profile.name}`)),
      ),
  },
  {
    id: 'profile-option',
    severity: 'error',
    summary: 'The build that the script is for lacks the option',
    why: 'An option that the build does not know prints the usage and fails.',
    bad: 'dhcp --timeout 5000 || shell\n',
    good: 'dhcp || shell\n',
    profile: 'debian12',
    check: ({ model, profiles }) =>
      model.commands.flatMap(({ spec, options }) =>
        profiles.flatMap((profile) =>
          options
            .filter(
              ({ option }) =>
                option &&
                profile.features.has(spec!.name) &&
                !profile.features.has(`${spec!.name} --${option.long}`),
            )
            .map(({ word, written }) =>
              at(word, `${spec!.name} ${written} is not in ${profile.name}`),
            ),
        ),
      ),
  },
  {
    id: 'profile-scheme',
    severity: 'error',
    summary: 'The build that the script is for lacks the URI scheme',
    why: 'An unknown scheme is "Operation not supported". Builds for BIOS and Debian 12 have no https.',
    bad: 'chain https://boot.example/next.ipxe || shell\n',
    good: 'chain http://boot.example/next.ipxe || shell\n',
    profile: 'ipxe2-bios',
    check: ({ model, profiles }) =>
      model.commands
        .filter((command) =>
          command.spec?.arguments.some(({ kind }) => kind === 'uri' || kind === 'image'),
        )
        .flatMap(({ args: [uri] }) => {
          const scheme = SCHEME.exec(uri?.text ?? '')?.[1]
          if (!uri || scheme === undefined) return []
          return profiles
            .filter(({ schemes }) => !schemes.has(scheme))
            .map((profile) =>
              at(uri, `${profile.name} has no ${scheme}, only ${[...profile.schemes].join(' ')}`),
            )
        }),
  },
  {
    id: 'optional-command',
    severity: 'warning',
    summary: 'A command that many builds lack is not guarded',
    why: 'Digests, `console` and `params` are not in BIOS builds with default options; `nslookup`, `ping`, `imgverify` and `time` are in none. Without `||` the script ends there (netboot.xyz menus do so at `md5sum`). Say which build the script is for (`--profile`), or guard the line.',
    bad: 'console --x 1024 --y 768\necho hello\n',
    good: 'console --x 1024 --y 768 ||\necho hello\n',
    fixes: true,
    check: ({ model, flow, profiles }) =>
      profiles.length > 0
        ? []
        : flow.lines.flatMap((line, row) =>
            (line?.failures ?? []).flatMap((command) => {
              const lacking = command.spec && lackingIn(command.spec)
              if (lacking === undefined) return []
              const end = endOfLine(model.lines[row]!.line)
              return [
                at(
                  command.name,
                  `${command.name.text} is ${lacking}; where it is missing the script ends`,
                  [{ start: end, end, text: ' ||' }],
                ),
              ]
            }),
          ),
  },
]
