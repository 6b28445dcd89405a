// npm run bench -- PACKAGE [PART…] [--json FILE]
import { runMeasure } from './run-measure.ts'

await runMeasure('bench')
