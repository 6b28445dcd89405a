import { defineFeature } from '../../seam/feature.ts'
import { init, INIT_USAGE } from './command.ts'

/** `bootwire init`: a commented configuration for this host. */
export const feature = defineFeature({ commands: { init: { usage: INIT_USAGE, run: init } } })
