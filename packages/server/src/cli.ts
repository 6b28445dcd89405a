import { bootwireCli } from './commands/main.ts'
import { FEATURES } from './features/index.ts'

process.exitCode = await bootwireCli(FEATURES).main(process.argv.slice(2))
