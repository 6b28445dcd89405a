// Runs the npm package `tftp` as the benchmark's child: ROOT ADDRESS
import { createServer } from 'tftp'

const [root, address] = process.argv.slice(2)
const server = createServer({ host: address!, port: 69, root, denyPUT: true })
server.on('error', () => {})
server.listen()
