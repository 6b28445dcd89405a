// The thread that loads configurations, so that the one that serves goes on serving.
import { FEATURES } from './features/index.ts'
import { handOver } from './load/worker.ts'

handOver(FEATURES)
