import { defineFeature } from '../../seam/feature.ts'
import { simulateCommand, SIMULATE_USAGE } from './command.ts'

/** `bootwire simulate`: a whole boot without a machine. */
export const feature = defineFeature({
  commands: { simulate: { usage: SIMULATE_USAGE, run: simulateCommand } },
})
