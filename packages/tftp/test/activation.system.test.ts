import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { expect, onTestFinished, it } from 'vitest'

import { describeSystem } from '../../../scripts/system-tests.ts'
import { get } from '../src/index.ts'
import { waitForDallyingClients } from './dallying.ts'

waitForDallyingClients()

/** Passes a socket as systemd does: bound already, descriptor 3, the same process. */
const PASS = `
  $^F = 9; # descriptors up to this one outlive exec
  socket(S, $ARGV[0] =~ /:/ ? AF_INET6 : AF_INET, SOCK_DGRAM, 0) or die;
  my $ip = $ARGV[0];
  bind(S, $ip =~ /:/ ? pack_sockaddr_in6(0, inet_pton(AF_INET6, $ip)) : pack_sockaddr_in(0, inet_aton($ip))) or die;
  POSIX::dup2(fileno(S), 3);
  $ENV{LISTEN_PID} = $$;
  $ENV{LISTEN_FDS} = 1;
  exec @ARGV[1 .. $#ARGV];
`

const SERVE = (transferPorts: string) => `
  import { createTftpServer } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url))}
  const read = () => Buffer.from('served')
  const server = createTftpServer({ read, transferPorts: '${transferPorts}' })
  console.log((await server.listen({ fd: 'systemd' })).port)
`

/** A server in a process of its own on a socket that it did not bind; answers the port. */
const activated = async (address: string, transferPorts: string): Promise<number> => {
  const node = ['--conditions=@bootwire/source', '--import', 'tsx', '--input-type=module', '-e']
  const child = spawn(
    'perl',
    [
      '-MSocket=:all',
      '-MPOSIX',
      '-e',
      PASS,
      address,
      process.execPath,
      ...node,
      SERVE(transferPorts),
    ],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), stdio: ['ignore', 'pipe', 'inherit'] },
  )
  onTestFinished(async () => {
    const gone = once(child, 'exit')
    if (child.exitCode === null && child.kill()) await gone
  })
  const [line] = await once(createInterface(child.stdout), 'line')
  return Number(line)
}

describeSystem('a socket that systemd passes', () => {
  it.each([
    ['::', 'ephemeral', ['127.0.0.1', '::1']],
    ['::', 'single', ['127.0.0.1', '::1']],
    ['127.0.0.1', 'ephemeral', ['127.0.0.1']],
    ['127.0.0.1', 'single', ['127.0.0.1']],
  ] as const)('bound to %s serves from %s ports to %j', async (address, transferPorts, hosts) => {
    const port = await activated(address, transferPorts)
    for (const host of hosts) {
      const download = await get({ host, port, filename: 'x' }, { initialTimeoutMs: 200 })
      expect(String(await download.bytes())).toBe('served')
    }
  })
})
