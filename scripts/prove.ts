// npm run prove -- PACKAGE [PART…] [--json FILE]
import { runMeasure } from './run-measure.ts'

await runMeasure('prove')
