import { defineFeature } from '../../seam/feature.ts'
import { doctorCommand } from './command.ts'

/** `bootwire doctor`: what keeps machines from booting. */
export const feature = defineFeature({ commands: { doctor: doctorCommand } })
