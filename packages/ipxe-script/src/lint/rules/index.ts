import type { Rule } from '../rule.ts'
import { argumentRules } from './arguments.ts'
import { commandRules } from './commands.ts'
import { controlRules } from './control.ts'
import { expansionRules } from './expansion.ts'
import { imageRules } from './images.ts'
import { menuRules } from './menus.ts'
import { profileRules } from './profiles.ts'
import { syntaxRules } from './syntax.ts'
import { valueRules } from './values.ts'

/** Every rule of the linter. */
export const RULES: readonly Rule[] = /* @__PURE__ */ [
  syntaxRules,
  expansionRules,
  commandRules,
  argumentRules,
  valueRules,
  profileRules,
  controlRules,
  imageRules,
  menuRules,
].flat()
