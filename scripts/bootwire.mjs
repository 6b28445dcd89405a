#!/usr/bin/env node
// The `bootwire` command of a checkout: runs the sources in the caller's folder, so that nothing need be built first.
import { fileURLToPath } from 'node:url'

import { run } from './run/run.mjs'

const cli = fileURLToPath(new URL('../packages/server/src/cli.ts', import.meta.url))
const config = fileURLToPath(new URL('../tsconfig.base.json', import.meta.url))
const command = ['tsx', '--tsconfig', config, '--conditions=@bootwire/source', cli]
// npm changes to the checkout's folder and leaves the caller's in INIT_CWD; an outer npm may have left one as well.
const byNpm = ['bootwire', 'npx'].includes(process.env.npm_lifecycle_event)
const folder = byNpm ? process.env.INIT_CWD : undefined
await run([...command, ...process.argv.slice(2)], folder ?? process.cwd())
