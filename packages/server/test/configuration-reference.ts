import { jsonSchema, type FeatureSchemas } from '../src/config/schema.ts'
import { FACTS } from '../src/model/facts.ts'

interface Node {
  readonly type?: string
  readonly description?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Node | boolean
  readonly items?: Node
  readonly anyOf?: readonly Node[]
}

const typeOf = (node: Node): string => {
  if (node.const !== undefined) return JSON.stringify(node.const)
  if (node.enum) return node.enum.map((value) => `\`${String(value)}\``).join(', ')
  if (node.anyOf) return [...new Set(node.anyOf.map(typeOf))].join(' or ')
  if (node.type === 'array') return `list of ${node.items ? typeOf(node.items) : 'anything'}`
  if (node.type === 'object') return node.properties ? 'keys as below' : 'names and values'
  return node.type ?? 'anything'
}

/** The nodes whose keys are listed below this one. */
const below = (node: Node): readonly Node[] => {
  const inner = typeof node.additionalProperties === 'object' ? [node.additionalProperties] : []
  return [node, ...(node.anyOf ?? []), ...(node.items ? [node.items] : []), ...inner].filter(
    (each) => each.properties,
  )
}

const listKeys = (node: Node, indent: string): string[] =>
  Object.entries(node.properties ?? {}).flatMap(([key, value]) => {
    const needed = node.required?.includes(key) ? ', needed' : ''
    const said = value.description ? `: ${value.description}` : ''
    const line = `${indent}- \`${key}\` (${typeOf(value)}${needed})${said}`
    // What a match can ask for is the same for every fact: told once, under "Facts".
    const inner =
      key === 'match' ? [] : below(value).flatMap((each) => listKeys(each, `${indent}  `))
    return [line, ...inner]
  })

/** The reference of the configuration file in Markdown, from the definition that validates it. */
export const configurationReference = (features: FeatureSchemas = {}): string => {
  const schema: Node = jsonSchema(features)
  const lines = [
    '# Configuration',
    '',
    'Generated from the definition that validates the file: `npx vitest run --project server -u`.',
    '',
  ]
  for (const [key, node] of Object.entries(schema.properties ?? {})) {
    lines.push(
      `## \`${key}\``,
      '',
      `${node.description ?? 'The schema, for editors'} (${typeOf(node)}).`,
      '',
    )
    const inner = below(node).flatMap((each) => listKeys(each, ''))
    if (inner.length > 0) lines.push(...inner, '')
  }
  lines.push(
    '## Facts',
    '',
    'What `match` can ask for. Each fact takes a value, a list (any of them), or one of `is`, `in`, `prefix`, `regex`, `cidr`; case does not count. `query` holds the same for labels of the script’s URL. All conditions must hold.',
    '',
    ...Object.entries(FACTS).map(([fact, description]) => `- \`${fact}\`: ${description}`),
    '',
  )
  return lines.join('\n')
}
