import { defineFeature } from '../../seam/feature.ts'
import { importCommand } from './command.ts'

/** `bootwire import`: from other boot servers. */
export const feature = defineFeature({ commands: { import: importCommand } })
