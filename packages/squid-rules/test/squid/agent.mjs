// Runs inside the test's network namespace: the origins, and the clients. One JSON object a line, in and out.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const log = []
let generation = 0

/** Bytes that tell which origin sent them, and when. */
const bodyOf = (ip, path, size) => {
  const head = `${ip} ${path} generation ${generation}\n`
  return Buffer.from(head.padEnd(size, 'x'))
}

const send = (ip, req, res) => {
  const path = req.url
  const size = /big-(\d+)/.exec(path)?.[1]
  const body = bodyOf(ip, path, Number(size ?? 2000))
  const etag = `"${createHash('sha1').update(body).digest('hex')}"`
  const headers = {
    'Last-Modified': 'Tue, 01 Oct 2024 00:00:00 GMT',
    ETag: etag,
    'Content-Type': 'application/octet-stream',
  }
  const range = /^bytes=(\d+)-(\d+)$/.exec(req.headers.range ?? '')
  if (range) {
    const [from, to] = [Number(range[1]), Number(range[2])]
    const part = body.subarray(from, to + 1)
    res.writeHead(206, {
      ...headers,
      'Content-Range': `bytes ${from}-${to}/${body.length}`,
      'Content-Length': part.length,
    })
    res.end(part)
    return
  }
  res.writeHead(200, { ...headers, 'Content-Length': body.length })
  res.end(req.method === 'HEAD' ? undefined : body)
}

const origin = (ip) =>
  http.createServer({ keepAliveTimeout: 500 }, (req, res) => {
    log.push({
      ip,
      method: req.method,
      host: req.headers.host,
      path: req.url,
      range: req.headers.range,
    })
    const file = fileOf(ip, req.url)
    if (file !== undefined) return sendFile(file, req, res)
    const to = /redirect-to-([a-z0-9.-]+?)-end/.exec(req.url)?.[1]
    if (to && ip.endsWith('.2')) {
      res.writeHead(302, {
        Location: `http://${to}${req.url}`,
        'Cache-Control': 'max-age=3600',
        'Content-Length': 0,
      })
      res.end()
    } else if (req.url.includes('cut-short') && ip.endsWith('.2')) {
      // HTTP/1.0 without a length: the end of the connection is the end of the file, wherever that is.
      const part = bodyOf(ip, req.url, 1000)
      req.socket.end(
        `HTTP/1.0 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n${String(part)}`,
      )
    } else if (req.url.includes('slow')) setTimeout(() => send(ip, req, res), 400)
    else send(ip, req, res)
  })

const request = ({ proxy, url, method = 'GET', headers = {}, timeoutMs = 10_000, localAddress }) =>
  new Promise((resolve) => {
    const started = performance.now()
    const done = (answer) => resolve({ ...answer, ms: performance.now() - started })
    const [host, port] = proxy.split(':')
    const { host: name } = new URL(url)
    const path = headers['X-Origin-Form'] ? new URL(url).pathname : url
    delete headers['X-Origin-Form']
    const options = {
      host,
      port: Number(port),
      method,
      path,
      headers: { Host: name, ...headers },
      agent: false,
      localAddress,
    }
    const req = http.request(options, (res) => {
      const chunks = []
      res.on('data', (chunk) => chunks.push(chunk))
      res.on('end', () => {
        const body = Buffer.concat(chunks)
        done({
          status: res.statusCode,
          headers: res.headers,
          bytes: body.length,
          text: body.subarray(0, 300).toString('latin1'),
        })
      })
    })
    req.setTimeout(timeoutMs, () => req.destroy(new Error('no answer in time')))
    req.on('error', (error) => done({ status: 0, headers: {}, bytes: 0, text: error.message }))
    req.end()
  })

/** Folders of real files, by origin: they come before what is made up. */
let folders = {}

const fileOf = (ip, url) => {
  if (folders[ip] === undefined) return undefined
  try {
    const path = decodeURIComponent(url.replace(/\?.*$/, ''))
    return readFileSync(join(folders[ip], path.endsWith('/') ? `${path}index` : path))
  } catch {
    return null
  }
}

const sendFile = (file, req, res) => {
  const headers = { 'Last-Modified': 'Tue, 01 Oct 2024 00:00:00 GMT' }
  if (file === null) res.writeHead(404, { 'Content-Length': 0 }).end()
  else res.writeHead(200, { ...headers, 'Content-Length': file.length }).end(file)
}

/** Asks for one URL again and again over a few connections that stay open. */
const hammer = async ({ proxy, url, count }) => {
  const [host, port] = proxy.split(':')
  const agent = new http.Agent({ keepAlive: true, maxSockets: 4 })
  const one = () =>
    new Promise((resolve, reject) => {
      const options = {
        host,
        port: Number(port),
        path: url,
        headers: { Host: new URL(url).host },
        agent,
      }
      const req = http.get(options, (res) => {
        res.resume()
        res.on('end', () => resolve(res.statusCode))
      })
      req.on('error', reject)
    })
  for (let done = 0; done < count; done += 4) await Promise.all([one(), one(), one(), one()])
  agent.destroy()
  return count
}

/** A tunnel, no further than the proxy's answer. */
const connect = ({ proxy, authority, timeoutMs = 5000 }) =>
  new Promise((resolve) => {
    const [host, port] = proxy.split(':')
    const req = http.request({
      host,
      port: Number(port),
      method: 'CONNECT',
      path: authority,
      agent: false,
    })
    req.setTimeout(timeoutMs, () => req.destroy(new Error('no answer in time')))
    req.on('connect', (res, socket) => {
      socket.destroy()
      resolve({ status: res.statusCode })
    })
    req.on('error', (error) => resolve({ status: 0, text: error.message }))
    req.end()
  })

const servers = []
const commands = {
  listen: ({ addresses }) =>
    Promise.all(
      addresses.map(
        (ip) =>
          new Promise((resolve, reject) => {
            const server = origin(ip)
            servers.push(server)
            server.once('error', reject)
            server.listen(80, ip, () => resolve(ip))
          }),
      ),
    ),
  request,
  connect,
  hammer,
  requests: ({ list }) => Promise.all(list.map(request)),
  serve: (value) => void (folders = value.folders),
  generation: ({ value }) => (generation = value),
  log: () => log.splice(0),
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, command, ...rest } = JSON.parse(line)
  Promise.resolve(commands[command](rest)).then(
    (value) => process.stdout.write(`${JSON.stringify({ id, value: value ?? null })}\n`),
    (error) => process.stdout.write(`${JSON.stringify({ id, error: error.message })}\n`),
  )
}
process.exit(0)
