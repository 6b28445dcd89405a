// load.mjs ADDRESS PORT SECONDS CONNECTIONS  Keep-alive requests for a few objects; prints answers and hits as JSON.
import net from 'node:net'

const [address, port, seconds, connections] = process.argv.slice(2)
const HOSTS = ['mirrors.kernel.org', 'mirrors.tuna.tsinghua.edu.cn', 'ftp.halifax.rwth-aachen.de']
const requests = Array.from({ length: 300 }, (_, i) => {
  const host = HOSTS[i % HOSTS.length]
  const url = `http://${host}/debian/pool/main/b/bash/bash_${i}-1_amd64.deb`
  return Buffer.from(`GET ${url} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
})

let answers = 0
let hits = 0
let next = 0
const open = () => {
  const socket = net.connect(Number(port), address)
  let left = ''
  const ask = () => socket.write(requests[next++ % requests.length])
  socket.on('connect', ask)
  socket.on('data', (chunk) => {
    left += chunk.latin1Slice(0, chunk.length)
    const end = left.indexOf('\r\n\r\n')
    if (end < 0) return
    const length = Number(/content-length: (\d+)/i.exec(left)?.[1])
    if (left.length < end + 4 + length) return
    answers++
    if (/^(?:X-Cache: HIT|Cache-Status: .*;hit\b)/m.test(left)) hits++
    left = left.slice(end + 4 + length)
    ask()
  })
  socket.on('error', (error) => {
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  })
}
for (let i = 0; i < Number(connections); i++) open()
const started = performance.now()
setTimeout(
  () => {
    const perSecond = answers / ((performance.now() - started) / 1000)
    process.stdout.write(JSON.stringify({ perSecond, answers, hits }))
    process.exit(0)
  },
  Number(seconds) * 1000,
)
