import { jsonSchema } from '../config/schema.ts'

export const SCHEMA_USAGE = `bootwire schema

Prints the JSON Schema of the configuration file. For editors, write it to a file and put this on top of the YAML:
# yaml-language-server: $schema=./bootwire.schema.json
`

/** `bootwire schema` */
export const schema = (): number => {
  process.stdout.write(`${JSON.stringify(jsonSchema(), null, 2)}\n`)
  return 0
}
