import { STATUS } from '../../src/run/errno.ts'
import { LANGUAGE, type Language } from '../../src/run/language.ts'
import type { Handler } from '../../src/run/vm.ts'

/** A mistake that one could make in an interpreter, made on purpose. */
export interface Fault {
  readonly name: string
  readonly language: Language
}

const withHandler = (name: string, change: (real: Handler) => Handler): Language => {
  const handlers = new Map(LANGUAGE.handlers)
  handlers.set(name, change(handlers.get(name)!))
  return { ...LANGUAGE, handlers }
}

/** The ten faults that the comparison with the real binary must find, whatever else it finds. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'the command after a semicolon is skipped',
    language: {
      ...LANGUAGE,
      runsAfter: (operator, status) => operator !== ';' && LANGUAGE.runsAfter(operator, status),
    },
  },
  {
    name: '|| runs the next command only after a status above 255',
    language: {
      ...LANGUAGE,
      runsAfter: (operator, status) =>
        operator === '||' ? status > 255 : LANGUAGE.runsAfter(operator, status),
    },
  },
  {
    name: 'a failed line does not end its script',
    language: { ...LANGUAGE, endsScript: () => false },
  },
  {
    name: 'goto finds the last label of a name',
    language: {
      ...LANGUAGE,
      findLabel: ({ lines }, label) => {
        const index = lines.findLastIndex((line) => line.label?.text === label)
        return index < 0 ? { status: STATUS.noLabel } : { index }
      },
    },
  },
  {
    name: 'goto goes on with the rest of its line',
    language: withHandler('goto', (real) => async (vm, call) => {
      const status = await real(vm, call)
      vm.stop = 'nothing'
      return status
    }),
  },
  {
    name: 'an expanded value is not looked at again',
    language: {
      ...LANGUAGE,
      expand: (text, valueOf) => ({
        text: text.replace(/\$\{([^{}]*)\}/g, (_, name: string) => valueOf(name)),
      }),
    },
  },
  {
    name: 'an unknown setting stays as it is written',
    language: {
      ...LANGUAGE,
      expand: (text, valueOf) =>
        LANGUAGE.expand(text, (name) => valueOf(name) || (name === '' ? '' : `<${name}>`)),
    },
  },
  {
    name: 'a script that has run is not registered again',
    language: { ...LANGUAGE, keepsAfterRun: () => false },
  },
  {
    name: 'a prompt whose time is up succeeds',
    language: withHandler('prompt', (real) => async (vm, call) => {
      const status = await real(vm, call)
      return status === STATUS.promptTimeout ? 0 : status
    }),
  },
  {
    name: 'inc takes a setting without a number type for one',
    language: withHandler('inc', (real) => async (vm, call) => {
      const status = await real(vm, call)
      return status === STATUS.settingUnsupported ? 0 : status
    }),
  },
]
