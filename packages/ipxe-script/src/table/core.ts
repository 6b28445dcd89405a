/** Commands of every build. See `./spec.ts` for the fields. */
export const coreCommands = {
  echo: {
    summary: 'Prints its arguments, joined by single spaces',
    args: ['text*'],
    options: {
      n: { short: 'n', value: 'flag' },
    },
    fails: 'never',
  },
  exit: {
    summary: 'Ends the script with a status; at the top level that goes to the firmware',
    args: ['int?'],
    fails: 'never',
  },
  isset: {
    summary: 'Succeeds if its expanded argument is not empty: it takes the value, not the name',
    args: ['text'],
  },
  iseq: {
    summary: 'Succeeds if both arguments are the same text; upper and lower case differ',
    args: ['text', 'text'],
  },
  sleep: {
    summary: 'Waits whole seconds; Ctrl-C makes it fail',
    args: ['seconds'],
  },
  goto: {
    summary: 'Goes on at a label of the same script; the rest of the line is dropped',
    args: ['label'],
  },
  prompt: {
    summary: 'Waits for a key; fails when the time runs out or another key is pressed',
    args: ['text*'],
    options: {
      key: { short: 'k', value: 'key' },
      timeout: { short: 't', value: 'ms' },
    },
  },
  shell: {
    summary: 'Opens the interactive shell',
    args: [],
  },
  help: {
    summary: 'Lists the commands of this build',
    args: [],
    fails: 'never',
  },
} as const
