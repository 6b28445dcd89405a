// The npm package `tftp` as a server: ROOT PORT
import { createServer } from 'tftp'

const [root, port] = process.argv.slice(2)
const server = createServer({ host: '127.0.0.1', port: Number(port), root })
server.on('error', () => {})
// A failed request, such as for a missing file, would end the process.
server.on('request', (request) => request.on('error', () => {}))
server.listen()
