import type { UploadSink } from '../content/answers.ts'
import { TftpError } from '../errors.ts'

/** A client that has sent nothing for so long may have been switched off: its own address may start anew. */
const IDLE_MS = 1000

const clock = () => performance.now()

interface Holder {
  readonly address: string
  heardAt: number
  /** Ends the upload that holds the name. */
  giveUp: () => void
}

/** The right to write one file. */
export interface UploadLock {
  /** The upload that it is for: it is given up when its own client starts anew. */
  guard(sink: UploadSink): UploadSink
  release(): void
}

/** One upload at a time for each file. A client that was switched off in the middle takes its own place over. */
export class UploadLocks {
  readonly #holders = new Map<string, Holder>()

  /** Takes `path` for a client at `address`; undefined: somebody else is writing it. */
  take(path: string, address: string): UploadLock | undefined {
    const before = this.#holders.get(path)
    if (before) {
      if (before.address !== address || clock() - before.heardAt < IDLE_MS) return undefined
      before.giveUp()
    }
    const holder: Holder = { address, heardAt: clock(), giveUp: () => {} }
    this.#holders.set(path, holder)
    return {
      guard: (sink) => guarded(sink, holder),
      release: () => {
        if (this.#holders.get(path) === holder) this.#holders.delete(path)
      },
    }
  }
}

const guarded = (sink: UploadSink, holder: Holder): UploadSink => {
  let over = false
  const check = () => {
    holder.heardAt = clock()
    if (over) throw new TftpError('ERR_TFTP_CLOSED', 'the same client has started this upload anew')
  }
  const abort = () => {
    if (over) return
    over = true
    sink.abort()
  }
  holder.giveUp = abort
  return {
    maxBytes: sink.maxBytes,
    write: (bytes) => {
      check()
      return sink.write(bytes)
    },
    end: () => {
      check()
      return sink.end()
    },
    abort,
  }
}
