import { library } from '../../scripts/tsup.ts'

export default library(
  [
    'src/index.ts',
    'src/codec/index.ts',
    'src/v6/codec/index.ts',
    'src/clients/index.ts',
    'src/cli.ts',
    'src/cli/main.ts',
  ],
  { socketHelper: true },
)
