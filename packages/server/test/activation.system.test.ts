import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { describeSystem } from '../../../scripts/system-tests.ts'
import { Bed, NETWORK, type Place } from './lan/bed.ts'

const at = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const CHECKOUT = at('../../../')
const below = (path: string): string => path.slice(CHECKOUT.length)
const TSX = below(fileURLToPath(import.meta.resolve('tsx')))
const CLI = below(at('../src/cli.ts'))

/**
 * Nobody may look into the home that a checkout lies in, and Node asks access(2), which looks at no capability. So
 * programs see the checkout at a place where all may look, in the mount namespace that `ip netns exec` makes.
 * They are started in the root folder: that of the tests may be nobody else's either.
 */
const WITH_CHECKOUT = 'mount --bind "$1" "$2" && shift 2 && cd "$FROM" && exec "$@"'

const NOBODY = 65_534
/** With the right to read what others may not, as a clone in root's home is; with none to bind a port. */
const AS_NOBODY = [
  'setpriv',
  `--reuid=${NOBODY}`,
  `--regid=${NOBODY}`,
  '--clear-groups',
  '--inh-caps=-all,+dac_read_search',
  '--ambient-caps=-all,+dac_read_search',
  '--bounding-set=-all,+dac_read_search',
]
const SERVE = ['serve', '--interface', 'eth0', '--address', NETWORK.boot]

/** Resolves when the daemon has said that it is ready; rejects with what it complained of. */
const isReady = async (daemon: ChildProcess): Promise<void> => {
  const complaints = text(daemon.stderr!)
  const [first] = await Promise.race([
    once(createInterface({ input: daemon.stdout! }), 'line'),
    once(daemon, 'close'),
  ])
  if (daemon.exitCode !== null) throw new Error(await complaints)
  expect(first).toContain('"event":"ready"')
}

describeSystem('serving without a privilege', () => {
  let bed: Bed
  let data: string
  let seen: string
  beforeEach(() => {
    bed = new Bed()
    seen = join(bed.folder, 'checkout')
    mkdirSync(seen)
    data = join(bed.folder, 'data')
    mkdirSync(data)
    chmodSync(bed.folder, 0o711) // access(2) looks at no capability
    chownSync(data, NOBODY, NOBODY)
  })
  afterEach(() => bed.close())

  const spawn = (place: Place, words: readonly string[], from = '/'): ChildProcess => {
    const inCheckout = ['-c', WITH_CHECKOUT, 'sh', CHECKOUT, seen, ...words]
    return bed.spawn(place, 'sh', inCheckout, { STATE_DIRECTORY: data, FROM: from })
  }
  const command = (...args: string[]): string[] => {
    const source = ['--conditions=@bootwire/source', '--import', join(seen, TSX)]
    return [process.execPath, ...source, join(seen, CLI), ...args]
  }

  /** Runs a program to its end; resolves to its exit code and all that it printed. */
  const run = async (place: Place, words: readonly string[]) => {
    const child = spawn(place, words)
    const closed = once(child, 'close')
    const [out, said] = await Promise.all([text(child.stdout!), text(child.stderr!)])
    await closed
    return { code: child.exitCode, out, said }
  }
  const bootwire = (place: Place, ...args: string[]) => run(place, command(...args))

  const boundPorts = async (): Promise<number[]> => {
    const tables = await bed.run('boot', 'cat', ['/proc/net/udp', '/proc/net/tcp'])
    return [...tables.matchAll(/^ *\d+: [\dA-F]{8}:([\dA-F]{4})/gm)].map(([, port]) =>
      Number.parseInt(port!, 16),
    )
  }

  it('is refused in one line with the ways out, and nothing is left started', async () => {
    const { code, out, said } = await run('boot', [...AS_NOBODY, ...command(...SERVE)])
    expect(said).toBe(
      'bootwire: no right to bind UDP 10.77.0.2:69 for TFTP: run as root, or give Node the right (setcap cap_net_bind_service=+ep "$(command -v node)"), or have systemd pass the sockets (bootwire serve --print-units) (ERR_SERVER_PRIVILEGE)\n',
    )
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(existsSync(join(data, 'daemon.json'))).toBe(false)
    expect(await boundPorts()).toEqual([])
  })

  it('works with the sockets of the printed units: an offer, and iPXE by TFTP', async () => {
    const units = join(bed.folder, 'units')
    const printed = await bootwire('boot', ...SERVE, '--print-units')
    expect(printed).toMatchObject({ code: 0, said: '' })
    writeFileSync(units, printed.out)
    const daemon = spawn('boot', ['perl', at('as-systemd.pl'), units, ...AS_NOBODY])
    await isReady(daemon)
    expect((await boundPorts()).toSorted((a, b) => a - b)).toEqual([67, 69, 4011, 8080])

    const probe = ['dhcp', 'probe', '--as', 'uefi-x64', '--address', NETWORK.main]
    const options = ['--mac', '52:54:00:ac:71:01', '--wait', '2', '--json']
    const probed = await bootwire('main', ...probe, ...options)
    expect(JSON.parse(probed.out)).toMatchObject({
      offers: [{ from: NETWORK.boot, kind: 'proxy', nextServer: NETWORK.boot }],
    })
    const got = await bootwire('main', 'tftp', 'get', `tftp://${NETWORK.boot}/ipxe.efi`, '-')
    expect(got).toMatchObject({ code: 0, out: expect.stringMatching(/^MZ/) })

    const closed = once(daemon, 'close')
    daemon.kill('SIGTERM')
    await closed
    expect(daemon.exitCode).toBe(0)
  })

  it('is what root’s daemon gives up: it becomes another user that may bind ports, and no more', async () => {
    chmodSync(bed.folder, 0o755)
    const daemon = spawn(
      'boot',
      command(...SERVE, '--data-dir', data, '--user', 'nobody', '--log', 'json'),
    )
    await isReady(daemon)
    const { pid } = JSON.parse(readFileSync(join(data, 'daemon.json'), 'utf8'))
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1]
    // CAP_NET_BIND_SERVICE is bit 10 of capability.h.
    for (const set of ['CapEff', 'CapPrm', 'CapBnd', 'CapAmb'])
      expect([set, Number.parseInt(field(set) ?? '', 16)]).toEqual([set, 1 << 10])
    expect([field('Uid'), field('NoNewPrivs')]).toEqual([String(NOBODY), '1'])
    expect(await boundPorts()).toEqual(expect.arrayContaining([67, 69, 4011, 8080]))
    const closed = once(daemon, 'close')
    daemon.kill('SIGTERM')
    await closed
    expect(daemon.exitCode).toBe(0)
    expect(existsSync(join(data, 'daemon.json'))).toBe(false)
  })

  it('is given up without a word of where state goes: it is where root’s daemon would keep it', async () => {
    chmodSync(bed.folder, 0o755)
    const place = join(bed.folder, 'var-lib')
    mkdirSync(join(place, 'bootwire'), { recursive: true })
    chmodSync(place, 0o755)
    const inPlace = ['sh', '-c', 'mount --bind "$0" /var/lib && unset STATE_DIRECTORY && exec "$@"']
    const words = [...inPlace, place, ...command(...SERVE, '--user', 'nobody', '--log', 'json')]
    const daemon = spawn('boot', words)
    await isReady(daemon)
    const { pid } = JSON.parse(readFileSync(join(place, 'bootwire', 'daemon.json'), 'utf8'))
    expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(
      new RegExp(`^Uid:\\s+${NOBODY}`, 'm'),
    )
    const closed = once(daemon, 'close')
    daemon.kill('SIGTERM')
    await closed
    expect(daemon.exitCode).toBe(0)
  })

  it('is kept where the user that root would become is not there, and that is said', async () => {
    const daemon = spawn('boot', command(...SERVE, '--data-dir', data, '--log', 'json'))
    const lines = createInterface({ input: daemon.stderr! })
    const said: string[] = []
    lines.on('line', (line) => said.push(line))
    await once(createInterface({ input: daemon.stdout! }), 'line')
    expect(said.join('\n')).toContain('runs as root: there is no user bootwire')
    const closed = once(daemon, 'close')
    daemon.kill('SIGTERM')
    await closed
    const named = await bootwire('boot', ...SERVE, '--data-dir', data, '--user', 'nosuchuser')
    expect(named).toMatchObject({ code: 1 })
    expect(named.said).toContain('there is no user nosuchuser on this host')
  })

  it('is kept rather than a folder given away that holds what the daemon has not made', async () => {
    writeFileSync(join(data, 'passwd'), 'mine')
    const daemon = spawn('boot', command(...SERVE, '--data-dir', data, '--user', 'nobody'))
    const said = createInterface({ input: daemon.stderr! })
    const [line] = await once(said, 'line')
    expect(line).toMatch(/holds passwd, which is not the daemon's.*--data-dir$/)
    const closed = once(daemon, 'close')
    daemon.kill('SIGTERM')
    await closed
  })

  it('is kept where the other user could not even start: in a folder that is root’s alone', async () => {
    const own = join(bed.folder, 'own')
    mkdirSync(own, { mode: 0o700 })
    const daemon = spawn('boot', command(...SERVE, '--data-dir', data, '--user', 'nobody'), own)
    const [line] = await once(createInterface({ input: daemon.stderr! }), 'line')
    expect(line).toContain(`the user nobody cannot run this program from ${own}; start it in`)
    const closed = once(daemon, 'close')
    daemon.kill('SIGTERM')
    await closed
  })
})
