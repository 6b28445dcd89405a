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
const bootOf = (context: unknown): string | undefined =>
  typeof context === 'object' && context !== null && 'boot' in context
    ? String(context.boot)
    : undefined

const wordsOf = (reasons: readonly { readonly rule: string; readonly why: string }[]): string[] =>
  reasons.map(({ rule, why }) => `${rule}: ${why}`)

/** A boot file without the signature that makes a fetch of it count. */
const unsigned = (file: string | undefined): string | undefined =>
  file?.replace(/([?&]sig=)[^&]*/, '$1…')

/** Turns the channel records of one ProxyDHCP server into events. */
export const watchDhcp = (instance: string, service: BootService): (() => void) => {
  const { log, sessions } = service
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- names the channel's shape once
  const on = <T extends { readonly instance: string }>(
    name: string,
    handle: (record: T) => void,
  ) => {
    const listener = (message: unknown) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the channel's documented shape
      const record = message as T
      if (record.instance === instance) handle(record)
    }
    subscribe(name, listener)
    return () => void unsubscribe(name, listener)
  }
  const stops = [
    on<DecisionRecord>(CHANNELS.decision, (record) => {
      const { request, mac, context } = record
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
        file: unsigned(record.file),
        server: record.nextServer,
        profile: record.layout,
        to: `${record.to.address}:${record.to.port}`,
        exchange: record.exchange,
        reasons: wordsOf(record.reasons),
      })
    }),
    on<DropRecord>(CHANNELS.drop, (record) => {
      if (SILENT.has(record.reason)) return
      log.emit('dhcp.drop', {
        boot: bootOf(record.context),
        mac: record.mac ?? record.hardwareAddress,
        reason: record.reason,
        detail: record.detail,
        exchange: record.exchange,
        reasons: record.reasons && wordsOf(record.reasons),
      })
    }),
    on<AddressRecord>(CHANNELS.address, ({ mac, address }) => {
      const session = sessions.get(mac)
      if (session) sessions.learn(session, address)
    }),
    on<NoticeRecord>(CHANNELS.notice, (notice) => {
      const { timeMs: _time, instance: _instance, ...fields } = notice
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
