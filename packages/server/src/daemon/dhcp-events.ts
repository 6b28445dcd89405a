import { subscribe, unsubscribe } from 'node:diagnostics_channel'

import {
  CHANNELS,
  type AddressRecord,
  type DecisionRecord,
  type DropRecord,
  type NoticeRecord,
  type ReplyRecord,
} from '@bootwire/dhcp-proxy'

import type { BootService } from '../boot/service.ts'

/** Packets that were never for us say nothing of a boot. */
const SILENT = new Set([
  'not-a-request',
  'bootp',
  'message-type',
  'not-pxe',
  'other-server',
  'retransmission',
])
/** Decisions whose reply is on its way; replies follow within the deadline, so few wait. */
const MAX_WAITING = 10_000

const bootOf = (context: unknown): string | undefined =>
  typeof context === 'object' && context !== null && 'boot' in context
    ? String(context.boot)
    : undefined

/** Turns the channel records of one ProxyDHCP server into events. */
export const watchDhcp = (serverId: string, service: BootService): (() => void) => {
  const reasons = new Map<number, readonly string[]>()
  const { log, sessions } = service
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- names the channel's shape once
  const on = <T extends { readonly server: string }>(name: string, handle: (record: T) => void) => {
    const listener = (message: unknown) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the channel's documented shape
      const record = message as T
      if (record.server === serverId) handle(record)
    }
    subscribe(name, listener)
    return () => void unsubscribe(name, listener)
  }
  const stops = [
    on<DecisionRecord>(CHANNELS.decision, (record) => {
      const { request, mac, context } = record
      if (reasons.size > MAX_WAITING) reasons.clear()
      reasons.set(
        record.exchange,
        record.reasons.map(({ rule, why }) => `${rule}: ${why}`),
      )
      log.emit('dhcp.request', {
        boot: bootOf(context) ?? (mac && sessions.get(mac)?.boot),
        mac: mac ?? record.hardwareAddress,
        type: request.type,
        port: record.port,
        firmware: record.firmware,
        architecture: request.architectures[0],
        exchange: record.exchange,
        relay: request.relay?.address,
      })
    }),
    on<ReplyRecord>(CHANNELS.reply, (record) => {
      log.emit('dhcp.reply', {
        boot: bootOf(record.context),
        mac: record.mac ?? record.hardwareAddress,
        type: record.type,
        port: record.port,
        file: record.bootFile,
        server: record.nextServer,
        profile: record.profile,
        to: `${record.to.address}:${record.to.port}`,
        exchange: record.exchange,
        reasons: reasons.get(record.exchange) ?? [],
      })
      reasons.delete(record.exchange)
    }),
    on<DropRecord>(CHANNELS.drop, (record) => {
      const why = reasons.get(record.exchange)
      reasons.delete(record.exchange)
      if (SILENT.has(record.reason)) return
      log.emit('dhcp.drop', {
        boot: bootOf(record.context),
        mac: record.mac,
        reason: record.reason,
        detail: record.detail,
        exchange: record.exchange,
        reasons: why,
      })
    }),
    on<AddressRecord>(CHANNELS.address, ({ mac, address }) => {
      const session = sessions.get(mac)
      if (session) sessions.learn(session, address)
    }),
    on<NoticeRecord>(CHANNELS.notice, (notice) => {
      const { timeMs: _time, server: _server, ...fields } = notice
      log.emit('warning', plain(fields))
    }),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

const plain = (fields: Readonly<Record<string, unknown>>): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[key, value]] : [],
    ),
  )
