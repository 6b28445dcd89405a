import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { stripVTControlCharacters } from 'node:util'

interface Waiter {
  readonly look: (console: string) => boolean
  readonly done: () => void
  readonly fail: (why: string) => void
}

/** How long {@link Machine.prints} waits unless told: three times what the slowest boot takes on two idle cores. */
const PATIENCE_MS = 150_000

/** Nothing follows this line, so that waiting on is useless. */
const PANIC = 'end Kernel panic'

/** One virtual machine that has been powered on. */
export class Machine {
  readonly mac: string
  /** When it was powered on, in milliseconds of `Date.now()`. */
  readonly poweredOnMs: number = Date.now()
  readonly #child: ChildProcess
  readonly #waiters = new Set<Waiter>()
  #console = ''
  #stderr = ''

  constructor(mac: string, child: ChildProcess) {
    this.mac = mac
    this.#child = child
    child.stdout!.setEncoding('latin1').on('data', (text: string) => {
      this.#console += text
      this.#look()
    })
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text))
    child.once('close', () => {
      this.#look()
      for (const waiter of this.#waiters) waiter.fail('it powered off')
    })
  }

  /** Everything it has printed on its serial console so far, without escape sequences and carriage returns. */
  get console(): string {
    return stripVTControlCharacters(this.#console).replaceAll('\r', '')
  }

  /** Waits until the console shows the text; rejects when the machine powers off or the time is over. */
  async prints(
    text: string,
    { timeoutMs = PATIENCE_MS }: { timeoutMs?: number } = {},
  ): Promise<void> {
    await this.#waitFor(`"${text}"`, (console) => console.includes(text), timeoutMs)
  }

  /** Waits for the text as {@link prints} does, and returns the whole line that holds it. */
  async printsLine(text: string, options?: { timeoutMs?: number }): Promise<string> {
    await this.prints(text, options)
    const from = this.console.indexOf(text)
    const isWhole = (console: string): boolean => console.indexOf('\n', from) >= 0
    await this.#waitFor(`the end of the line of "${text}"`, isWhole, 10_000)
    const begin = this.console.lastIndexOf('\n', from) + 1
    return this.console.slice(begin, this.console.indexOf('\n', from))
  }

  /** Resolves when the machine has powered itself off. */
  async powersOff({ timeoutMs = PATIENCE_MS }: { timeoutMs?: number } = {}): Promise<void> {
    if (this.#isOff) return
    await once(this.#child, 'close', { signal: AbortSignal.timeout(timeoutMs) })
  }

  /** Pulls the plug. */
  async powerOff(): Promise<void> {
    if (this.#isOff) return
    const closed = once(this.#child, 'close')
    this.#child.kill('SIGKILL')
    await closed
  }

  get #isOff(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  #look(): void {
    const { console } = this
    for (const waiter of this.#waiters) {
      if (waiter.look(console)) waiter.done()
      else if (console.includes(PANIC)) waiter.fail('Linux panicked')
    }
  }

  async #waitFor(
    what: string,
    look: (console: string) => boolean,
    timeoutMs: number,
  ): Promise<void> {
    if (look(this.console)) return
    await new Promise<void>((resolve, reject) => {
      const settle = (action: () => void) => () => {
        clearTimeout(timer)
        this.#waiters.delete(waiter)
        action()
      }
      const failed = (why: string): void =>
        reject(
          new Error(`${this.mac} did not print ${what}: ${why}; its console:\n${this.#tail()}`),
        )
      const waiter: Waiter = {
        look,
        done: settle(resolve),
        fail: (why) => settle(() => failed(why))(),
      }
      const timer = setTimeout(() => waiter.fail(`${timeoutMs / 1000} s are over`), timeoutMs)
      this.#waiters.add(waiter)
      if (this.#isOff) waiter.fail('it is off')
    })
  }

  #tail(): string {
    return `${this.console.split('\n').slice(-40).join('\n')}\n${this.#stderr}`
  }
}
