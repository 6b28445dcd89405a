import { library } from '../../scripts/tsup.ts'

export default library(['src/index.ts', 'src/recipes/index.ts', 'src/cli.ts', 'src/cli/main.ts'])
