import { subscribe, unsubscribe } from 'node:diagnostics_channel'

import {
  CHANNELS,
  type TransferInfo,
  type TransferProgress,
  type TransferRecord,
  type TransferStart,
} from '@bootwire/tftp'

import type { BootService } from '../boot/service.ts'
import type { Fields } from '../log/names.ts'
import { usualAbsence } from '../log/usual-absences.ts'

interface Who {
  readonly boot?: string
  readonly mac?: string
}

const whoOf = (context: unknown): Who => {
  if (typeof context !== 'object' || context === null) return {}
  const boot = 'boot' in context && typeof context.boot === 'string' ? context.boot : undefined
  const mac = 'mac' in context && typeof context.mac === 'string' ? context.mac : undefined
  return { ...(boot !== undefined && { boot }), ...(mac !== undefined && { mac }) }
}

/** A file that need not be there is no error: `usual` says who looks for it. */
const absence = ({ outcome, file, errorMessage }: TransferRecord): Fields => {
  const usual = outcome === 'denied' ? usualAbsence(file) : undefined
  return usual === undefined ? { error: errorMessage } : { usual }
}

/** Turns the channel records of one TFTP server into events. */
export const watchTftp = (instance: string, { log }: BootService): (() => void) => {
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- names the channel's shape once
  const on = <T extends TransferInfo>(name: string, handle: (record: T) => void) => {
    const listener = (message: unknown) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the channel's documented shape
      const record = message as T
      if (record.instance === instance) handle(record)
    }
    subscribe(name, listener)
    return () => void unsubscribe(name, listener)
  }
  const stops = [
    on<TransferStart>(CHANNELS.start, (record) =>
      log.emit('tftp.start', {
        ...whoOf(record.context),
        ip: record.peer.address,
        file: record.file,
        size: record.size,
        options: record.options,
      }),
    ),
    on<TransferProgress>(CHANNELS.progress, ({ context, peer, file, bytes, size }) =>
      log.emit('tftp.progress', {
        ...whoOf(context),
        ip: peer.address,
        file,
        bytes,
        size,
        percent: size ? Math.floor((100 * bytes) / size) : null,
      }),
    ),
    on<TransferRecord>(CHANNELS.end, (record) =>
      log.emit('tftp.end', {
        ...whoOf(record.context),
        ip: record.peer.address,
        file: record.file,
        outcome: record.outcome,
        bytes: record.bytes,
        size: record.size,
        resends: record.resends,
        durationMs: Math.round(record.durationMs),
        ...absence(record),
      }),
    ),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}
