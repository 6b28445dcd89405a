import { defineCommand, type Command } from '@bootwire-internal/cli'

import { jsonSchema } from '../config/schema.ts'
import type { FeatureRow } from '../seam/feature.ts'
import { featureSchemas } from '../seam/registry.ts'

/** `bootwire schema` */
export const schemaCommand = (features: readonly FeatureRow[]): Command =>
  defineCommand({
    summary: 'print the JSON Schema of the configuration file',
    description: `Prints the JSON Schema of the configuration file. For editors, write it to a file and put this on top of the YAML:

# yaml-language-server: $schema=./bootwire.schema.json`,
    run: async ({ printJson }) => printJson(jsonSchema(await featureSchemas(features))),
  })
