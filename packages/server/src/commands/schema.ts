import { jsonSchema } from '../config/schema.ts'
import type { FeatureRow } from '../seam/feature.ts'
import { featureSchemas } from '../seam/registry.ts'

export const SCHEMA_USAGE = `bootwire schema

Prints the JSON Schema of the configuration file. For editors, write it to a file and put this on top of the YAML:
# yaml-language-server: $schema=./bootwire.schema.json
`

/** `bootwire schema` */
export const schema = async (
  _args: readonly string[],
  features: readonly FeatureRow[],
): Promise<number> => {
  const all = jsonSchema(await featureSchemas(features))
  process.stdout.write(`${JSON.stringify(all, null, 2)}\n`)
  return 0
}
