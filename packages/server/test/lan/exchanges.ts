import type { Packet } from './capture.ts'

/** One HTTP request and its response, put together from TCP segments. */
export interface Exchange {
  readonly target: string
  readonly status: number
  readonly body: Buffer
}

/** The bytes of one direction of a connection: in order, and each once. */
const streamOf = (segments: readonly Packet[]): Buffer => {
  const parts: Buffer[] = []
  let next: number | undefined
  for (const { sequence, payload } of segments.toSorted((a, b) => a.sequence - b.sequence)) {
    if (payload.length === 0) continue
    next ??= sequence
    const known = next - sequence
    if (known < 0) throw new Error('the capture has lost a segment')
    if (known >= payload.length) continue
    parts.push(payload.subarray(known))
    next = sequence + payload.length
  }
  return Buffer.concat(parts)
}

const HEAD_END = '\r\n\r\n'

/** Responses of a connection that is kept alive; each says how long it is. */
const responsesOf = (stream: Buffer): { status: number; body: Buffer }[] => {
  const responses = []
  for (let at = 0; at < stream.length;) {
    const end = stream.indexOf(HEAD_END, at)
    if (end < 0) break
    const head = stream.toString('latin1', at, end)
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
    const begin = end + HEAD_END.length
    responses.push({
      status: Number(head.split(' ')[1]),
      body: stream.subarray(begin, begin + length),
    })
    at = begin + length
  }
  return responses
}

const targetsOf = (stream: Buffer): string[] =>
  [...stream.toString('latin1').matchAll(/^(?:GET|HEAD|POST|PUT) (\S+) HTTP/gm)].map(
    ([, target = '']) => target,
  )

/** The HTTP exchanges of a machine with one server's port, in the order in which the connections began. */
export const exchangesOf = (packets: readonly Packet[], port: number): Exchange[] => {
  const segments = packets.filter(({ protocol }) => protocol === 'tcp')
  const clients = new Set(
    segments.filter(({ targetPort }) => targetPort === port).map(({ sourcePort }) => sourcePort),
  )
  return [...clients].flatMap((client) => {
    const asked = segments.filter(
      ({ sourcePort, targetPort }) => sourcePort === client && targetPort === port,
    )
    const answered = segments.filter(
      ({ sourcePort, targetPort }) => sourcePort === port && targetPort === client,
    )
    const responses = responsesOf(streamOf(answered))
    return targetsOf(streamOf(asked)).map((target, i) => ({ target, ...(responses[i] ?? NONE) }))
  })
}

const NONE = { status: 0, body: Buffer.alloc(0) }
