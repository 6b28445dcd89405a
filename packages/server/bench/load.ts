import { connect } from 'node:net'

export interface LoadResult {
  readonly perSecond: number
  readonly bytes: number
}

/**
 * A keep-alive HTTP client that does as little as it can, so that the server is what is measured: it looks for
 * Content-Length and counts. One request is under way on each connection.
 */
export const load = (
  base: string,
  pathOf: (i: number) => string,
  connections: number,
  seconds: number,
  least = 0,
): Promise<LoadResult> => {
  const { hostname, port } = new URL(base)
  const started = performance.now()
  const until = started + seconds * 1000
  let asked = 0
  let done = 0
  let bytes = 0
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname)
      socket.setNoDelay(true)
      let left = -1
      const ask = () => {
        left = -1
        socket.write(`GET ${pathOf(asked++)} HTTP/1.1\r\nHost: x\r\n\r\n`)
      }
      let head = ''
      socket.on('connect', ask)
      socket.on('error', reject)
      socket.on('close', () => resolve())
      socket.on('data', (data: Buffer) => {
        bytes += data.length
        if (left < 0) {
          const end = data.indexOf('\r\n\r\n')
          head += data.toString('latin1', 0, end < 0 ? data.length : end)
          if (end < 0) return
          if (!head.startsWith('HTTP/1.1 200')) {
            socket.destroy(new Error(head.split('\r\n')[0]))
            return
          }
          left = Number(/content-length: (\d+)/i.exec(head)?.[1]) - (data.length - end - 4)
          head = ''
        } else left -= data.length
        if (left > 0) return
        done++
        if (performance.now() < until || asked < least) ask()
        else socket.end()
      })
    })
  return Promise.all(Array.from({ length: connections }, one)).then(() => ({
    perSecond: (done * 1000) / (performance.now() - started),
    bytes,
  }))
}
