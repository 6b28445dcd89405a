import type { FastifyRequest } from 'fastify'

import type { Query } from '../decide/query.ts'

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : []

/** First value of each query parameter: what comes twice came first. */
export const queryOf = (request: FastifyRequest): Query => {
  const query: Record<string, string> = {}
  for (const [key, value] of entriesOf(request.query)) {
    const first: unknown = Array.isArray(value) ? value[0] : value
    if (typeof first === 'string') query[key] = first
  }
  return query
}

/** The parts of the path, decoded. */
export const paramsOf = (request: FastifyRequest): Record<string, string> =>
  Object.fromEntries(
    entriesOf(request.params).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, value]] : [],
    ),
  )

/** Our address that was asked; empty on a socket that has none. */
export const localAddressOf = ({ socket }: FastifyRequest): string =>
  (socket.localAddress ?? '').replace(/^::ffff:/, '')

/** Address of the machine that asks; empty on a socket that has none. */
export const addressOf = (request: FastifyRequest): string =>
  (request.ip ?? '').replace(/^::ffff:/, '')
