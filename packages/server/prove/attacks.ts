import { createSocket } from 'node:dgram'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import type { Measurement } from '../../../scripts/measure.ts'
import { withFolder } from '../bench/rig.ts'
import { ATTACKER, Attacked, MAC, SECRET } from './attacked.ts'
import type { Random } from './random.ts'
import { executions, failures } from './rig.ts'

/** Slowest boot of another machine while the daemon is attacked. */
const MOST_BOOT_MS = 3000
/** So long connections are held that an attack opens. */
const HOLD_MS = 2000
const AT_ONCE = 50

interface Attack {
  readonly name: string
  readonly inputs: number
  /**
   * Does it; resolves to what came back, of which nothing may be a success or hold the secret; to nothing where the load
   * is the attack.
   */
  readonly run: (
    target: Attacked,
    count: number,
    random: Random,
  ) => Promise<readonly string[] | undefined>
}

/** Sends `count` requests, some at a time. */
const many = async (count: number, one: (i: number) => Promise<string>): Promise<string[]> => {
  const answers: string[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, and others beside it
      answers.push(await one(next++))
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, worker))
  return answers
}

/** Opens connections that go on holding what they have, and lets go of them after a while. */
const hold = async (
  target: Attacked,
  count: number,
  begin: (socket: Socket) => void,
): Promise<undefined> => {
  const sockets: Socket[] = []
  for (let i = 0; i < count; i++) {
    const socket = target.open()
    sockets.push(socket)
    begin(socket)
    // oxlint-disable-next-line no-await-in-loop -- a hundred at once, not all
    if (i % 100 === 99) await sleep(10)
  }
  await sleep(HOLD_MS)
  for (const socket of sockets) socket.destroy()
  return undefined
}

const SMUGGLED = [
  'POST /report/x HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG',
  'POST /report/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx',
  'POST /report/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
  'POST /report/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n',
  'GET /status HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
  'GET /status HTTP/1.1\r\nHost : x\r\n\r\n',
  'GET /status\u0000 HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET\t/status\tHTTP/1.1\r\nHost: x\r\n\r\n',
  'GET http://127.0.0.1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: x\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\u0016\u0003\u0001\u0002\u0000\u0001\u0000',
]

const PIECES = ['..', '%2e%2e', '..%2f', '..%5c', '%252e%252e', '%00', '//', '..;', '%c0%ae', '\\']
const GOALS = ['secret', 'token', 'boot.yaml', 'data/machines.journal', 'etc/shadow', '.git/config']
const SPECIAL = ['fifo', 'device', 'loop', 'fifo/x', '', '.', 'vmlinuz/x']

const DATAGRAM_BYTES = 600

const randomBytes = (random: Random, most: number): Buffer =>
  Buffer.from(Array.from({ length: random.below(most) + 1 }, () => random.below(256)))

const datagrams = async (port: number, count: number, random: Random): Promise<undefined> => {
  const socket = createSocket('udp4')
  await new Promise<void>((bound) => socket.bind(0, ATTACKER, bound))
  for (let i = 0; i < count; i++) {
    socket.send(randomBytes(random, DATAGRAM_BYTES), port, '127.0.0.1')
    // oxlint-disable-next-line no-await-in-loop -- else the kernel drops them before they come
    if (i % 50 === 49) await sleep(5)
  }
  socket.close()
  return undefined
}

const HOSTILE = [
  '\n#!ipxe\nshell',
  '\r\nX: y',
  '\u001b[2J',
  '`reboot`',
  '${net0/mac}',
  '&& shell',
  '\u202e',
  'é'.repeat(3000),
]

const ATTACKS: readonly Attack[] = [
  {
    name: 'requests that never end',
    inputs: 4300,
    run: (target, count) => hold(target, count, (socket) => socket.write('GET /script?mac=')),
  },
  {
    name: 'readers that do not read',
    inputs: 1000,
    run: (target, count) =>
      hold(target, count, (socket) =>
        socket.pause().write('GET /assets/large HTTP/1.1\r\nHost: x\r\n\r\n'),
      ),
  },
  {
    name: 'senders that do not send',
    inputs: 1000,
    run: (target, count) =>
      hold(target, count, (socket) =>
        socket.write('POST /report/x HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\nx'),
      ),
  },
  {
    name: 'smuggling, and what is no HTTP',
    inputs: 1200,
    run: (target, count) => many(count, (i) => target.send(SMUGGLED[i % SMUGGLED.length]!)),
  },
  {
    name: 'spellings of paths',
    inputs: 5000,
    run: (target, count, random) =>
      many(count, () => {
        const steps = Array.from({ length: random.below(6) + 1 }, () => random.pick(PIECES))
        return target.raw(`GET /assets/${[...steps, random.pick(GOALS)].join('/')}`, ATTACKER)
      }),
  },
  {
    name: 'huge URLs, headers and bodies',
    inputs: 200,
    run: (target, count) =>
      many(count, (i) => {
        const much = 'a'.repeat(1_000_000)
        if (i % 3 === 0) return target.raw(`GET /${much}`, ATTACKER)
        if (i % 3 === 1) return target.raw('GET /script', ATTACKER, `X: ${much}\r\n`)
        return target.send(
          `POST /report/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n${much}`,
        )
      }),
  },
  {
    name: 'FIFO, device, endless link, folders',
    inputs: 700,
    run: (target, count) =>
      many(count, (i) => target.raw(`GET /assets/${SPECIAL[i % SPECIAL.length]}`, ATTACKER)),
  },
  {
    name: 'status, explanations and orders at the boot door',
    inputs: 500,
    run: (target, count) =>
      many(count, (i) =>
        i % 2 === 0
          ? target.raw('POST /machines/m/forget', ATTACKER)
          : target.raw(
              ['GET /status', 'GET /explain?mac=52:54:00:00:00:02'][(i >> 1) % 2]!,
              ATTACKER,
            ),
      ),
  },
  {
    name: 'guessed tokens, foreign names and origins at the admin door',
    inputs: 3000,
    run: (target, count, random) =>
      many(count, (i) => {
        const guess = randomBytes(random, 40).toString('hex')
        const foreign = [
          'Host: evil.example\r\n',
          'Host: 127.0.0.1\r\nOrigin: http://evil.example\r\n',
        ]
        const headers = i % 2 === 0 ? 'Host: 127.0.0.1\r\n' : random.pick(foreign)
        const token = i % 2 === 0 ? guess : SECRET
        const line = 'POST /machines/m/forget'
        const all = `${headers}Authorization: Bearer ${token}\r\n`
        return target.raw(line, ATTACKER, all, target.adminPort)
      }),
  },
  {
    name: 'made-up report tokens',
    inputs: 3000,
    run: (target, count, random) =>
      many(count, () =>
        target.raw(`GET /report/${randomBytes(random, 60).toString('base64url')}`, ATTACKER),
      ),
  },
  {
    name: 'texts for a pattern that backtracks',
    inputs: 200,
    run: async (target, count) => {
      const query = `final=1&mac=52:54:09:00:00:01&serial=${'a'.repeat(200)}%21`
      await many(count, () => target.raw(`GET /script?${query}`, ATTACKER))
      return undefined
    },
  },
  {
    name: 'hostile names into scripts and the log',
    inputs: 800,
    run: async (target, count) => {
      const answers = await many(count, (i) => {
        const name = encodeURIComponent(HOSTILE[i % HOSTILE.length]!)
        return target.raw(`GET /script?mac=${MAC}&final=1&hostname=${name}`, ATTACKER)
      })
      // A line of its own is what a name must not become.
      return answers.filter((answer) => /^(?:shell|X: y)/m.test(answer))
    },
  },
  {
    name: 'datagrams at DHCP',
    inputs: 10_000,
    run: (target, count, random) => datagrams(target.ready.ports.dhcp, count, random),
  },
  {
    name: 'datagrams at TFTP',
    inputs: 10_000,
    run: (target, count, random) => datagrams(target.ready.ports.tftp, count, random),
  },
]

interface Outcome {
  readonly boots: number
  readonly failed: number
  readonly slowestMs: number
  /** Undefined where nothing could come back. */
  readonly successes: readonly string[] | undefined
}

const isSuccess = (answer: string): boolean =>
  /^HTTP\/1\.\d 2/.test(answer) || /^(?:shell|X: y)/m.test(answer) || answer.includes(SECRET)

/** Attacks while another machine boots again and again. */
const under = async (
  target: Attacked,
  { run, inputs }: Attack,
  random: Random,
  scale: number,
): Promise<Outcome> => {
  const over = new AbortController()
  const tally = { boots: 0, failed: 0, slowestMs: 0 }
  const boots = async (): Promise<void> => {
    do {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one boot after the other
        tally.slowestMs = Math.max(tally.slowestMs, await target.boot())
        tally.boots++
      } catch {
        tally.failed++
        // oxlint-disable-next-line no-await-in-loop -- the same
        await sleep(50)
      }
    } while (!over.signal.aborted)
  }
  const booting = boots()
  const answers = await run(target, Math.max(1, Math.round(inputs * scale)), random)
  over.abort()
  await booting
  return { ...tally, successes: answers?.filter(isSuccess) }
}

/** The table of attacks on the daemon: what was tried, what was got, and how another machine booted meanwhile. */
export const attacks = async (
  random: Random,
  say: (line: string) => void,
  scale = 1,
): Promise<Measurement[]> =>
  withFolder(async (folder) => {
    const target = await Attacked.start(folder)
    const rows: Measurement[] = []
    let [tried, stops] = [0, 0]
    try {
      await target.boot()
      for (const attack of ATTACKS) {
        // oxlint-disable-next-line no-await-in-loop -- one attack after the other
        const { boots, failed, slowestMs, successes } = await under(target, attack, random, scale)
        tried += Math.max(1, Math.round(attack.inputs * scale))
        if (!target.isRunning) stops++
        const [first = ''] = successes ?? []
        say(
          `${attack.name}: ${Math.round(attack.inputs * scale)} tried, ${successes ? `${successes.length} got through` : 'load alone'}; ${boots} boots meanwhile, ${failed} failed, slowest ${slowestMs.toFixed(0)} ms${first && `; ${JSON.stringify(first.slice(0, 200))}`}`,
        )
        rows.push(
          ...(successes ? [failures(`${attack.name}: got through`, successes.length)] : []),
          failures(`${attack.name}: boots of another machine`, failed),
          {
            what: `${attack.name}: slowest boot of another machine`,
            unit: 'ms',
            ours: slowestMs,
            bar: { of: 'ours', is: 'at most', limit: MOST_BOOT_MS },
          },
        )
        if (!target.isRunning) break
      }
      const dirty = target.log.filter(
        (line) => /\p{Cc}|\u202e/u.test(line) || line.includes(SECRET),
      )
      return [
        executions('attacks: inputs', tried, Math.round(scale * 30_000)),
        failures('attacks: times that the daemon stopped', stops),
        failures('attacks: log lines with control characters or the secret', dirty.length),
        ...rows,
      ]
    } finally {
      await target.stop()
    }
  })
