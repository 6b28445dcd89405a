import { readdirSync, readFileSync } from 'node:fs'

import { run, type RunResult } from '../../src/run/index.ts'
import { unwrap } from './normalise.ts'
import { initrdBytesOf, KERNEL, readPayload } from './payload.ts'
import { boot } from './qemu.ts'

const GOLDEN = new URL('../../../../examples/ipxe-scripts/golden/', import.meta.url)

export interface Recipe {
  readonly name: string
  readonly text: string
}

/** The builder's example scripts; their web servers become folders of the virtual machine's TFTP server. */
export const recipes = (): Recipe[] =>
  readdirSync(GOLDEN)
    .toSorted()
    .map((name) => ({
      name,
      text: readFileSync(new URL(name, GOLDEN), 'utf8').replace(/https?:\/\//g, 'tftp://10.0.2.2/'),
    }))

export interface RecipeComparison {
  readonly recipe: Recipe
  readonly ours: RunResult
  /** Absent where the script does not boot a kernel here, so that there is nothing to compare. */
  readonly agrees?: boolean
  readonly seen: string
}

const PREFIX = 'tftp://10.0.2.2/'

/** Runs a recipe offline, every file being the telling kernel; then, where that boots, in the virtual machine. */
export const compareRecipe = async (recipe: Recipe): Promise<RecipeComparison> => {
  const files: Record<string, Uint8Array> = {}
  const ours = await run(recipe.text, {
    machine: { drives: [] },
    network: ({ uri }) => {
      if (uri.startsWith(PREFIX)) files[uri.slice(PREFIX.length)] = KERNEL
      return uri.startsWith(PREFIX) ? KERNEL : undefined
    },
  })
  const { outcome } = ours
  if (outcome.kind !== 'boots') return { recipe, ours, seen: '' }
  const { console } = await boot({
    script: recipe.text.replace('#!ipxe\n', '#!ipxe\ndhcp ||\n'),
    files,
    until: /@@boot/,
  })
  const seen = unwrap(console)
  const payload = readPayload(seen)
  const agrees =
    payload?.commandLine === outcome.commandLine &&
    payload.initrdBytes === initrdBytesOf(outcome.initrds)
  return {
    recipe,
    ours,
    agrees,
    seen: `${JSON.stringify(payload)} instead of ${initrdBytesOf(outcome.initrds)}`,
  }
}
