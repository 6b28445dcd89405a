import { defineFeature } from '../../seam/feature.ts'
import { init } from './command.ts'

/** `bootwire init`: a commented configuration for this host. */
export const feature = defineFeature({ commands: { init } })
