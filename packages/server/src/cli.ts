import { main } from './commands/main.ts'
import { FEATURES } from './features/index.ts'

const code = await main(process.argv.slice(2), FEATURES)
if (code !== undefined) process.exitCode = code
