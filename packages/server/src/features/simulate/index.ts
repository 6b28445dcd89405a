import { defineFeature } from '../../seam/feature.ts'
import { simulateCommand } from './command.ts'

/** `bootwire simulate`: a whole boot without a machine. */
export const feature = defineFeature({ commands: { simulate: simulateCommand } })
