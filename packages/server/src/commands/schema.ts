import { defineCommand, type Command } from '@bootwire-internal/cli'

import { jsonSchema } from '../config/schema.ts'

/** `bootwire schema` */
export const schema: Command = defineCommand({
  summary: 'print the JSON Schema of the configuration file',
  description: `Prints the JSON Schema of the configuration file. For editors, write it to a file and put this on top of the YAML:

# yaml-language-server: $schema=./bootwire.schema.json`,
  run: ({ printJson }) => printJson(jsonSchema()),
})
