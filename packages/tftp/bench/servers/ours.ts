// Runs our server as the benchmark's child: ROOT ADDRESS [CACHE_BYTES]
import { createTftpServer } from '../../src/index.ts'

const [root, address, cacheBytes] = process.argv.slice(2)
const limits = {
  maxTransfers: 10_000,
  maxTransfersPerAddress: 10_000,
  maxHalfOpenPerAddress: 10_000,
  maxRequestsPerSecond: 100_000,
  cacheBytes: cacheBytes === undefined ? undefined : Number(cacheBytes),
}
const server = createTftpServer({ root: root!, limits })
await server.listen({ host: address!, port: 69 })
