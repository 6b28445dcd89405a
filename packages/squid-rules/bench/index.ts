import type { Measure, Measurement } from '../../../scripts/measure.ts'
import { batch } from './batch.ts'
import { instructions } from './instructions.ts'
import { lockStep } from './lock-step.ts'
import { openSetting } from './setting.ts'
import { wholeSquid } from './whole-squid.ts'
import { worstUrl } from './worst-url.ts'

/** `npm run bench -- squid-rules [batch|lock-step|instructions|worst-url|whole-squid]` */
export const bench: Measure = async ({ say, only }) => {
  const setting = openSetting(say)
  const parts: Readonly<Record<string, () => Measurement[] | Promise<Measurement[]>>> = {
    batch: () => batch(setting, say),
    'lock-step': () => lockStep(setting, say),
    instructions: () => instructions(setting, say),
    'worst-url': () => worstUrl(say),
    'whole-squid': () => wholeSquid(setting, say),
  }
  try {
    const found: Measurement[] = []
    for (const [name, run] of Object.entries(parts)) {
      if (only.length === 0 || only.some((word) => name.includes(word)))
        found.push(...(await run()))
    }
    return found
  } finally {
    setting.close()
  }
}
