import { describe, expect, it } from 'vitest'

import { lint } from '../../src/lint/index.ts'
import { run, type RunOptions } from '../../src/run/index.ts'
import {
  type AnyProfile,
  debian12,
  deriveProfile,
  ipxe2Efi,
  masterEfi,
} from '../../src/table/index.ts'

const FILES = {
  'http://m/vmlinuz': true,
  'http://m/initrd.img': true,
  'http://m/extra.cfg': 'text',
  'http://m/three.ipxe': '#!ipxe\nexit 3\n',
  'http://m/ok.ipxe': '#!ipxe\necho in ok\n',
  'http://m/loop.ipxe': '#!ipxe\nchain loop.ipxe\n',
} as const

const summary = async (lines: string, options: RunOptions = {}): Promise<string> =>
  (await run(`#!ipxe\n${lines}\n`, { network: FILES, ...options })).summary

const printed = async (lines: string, options: RunOptions = {}): Promise<string> =>
  (await run(`#!ipxe\n${lines}\n`, { network: FILES, ...options })).console

describe('the outcome of a run', () => {
  it('is a boot with kernel, command line and initrds', async () => {
    const text = 'kernel http://m/vmlinuz console=ttyS0  x\ninitrd http://m/initrd.img\nboot'
    expect(await summary(text)).toBe(
      'boots http://m/vmlinuz with command line "console=ttyS0 x" and initrd http://m/initrd.img',
    )
  })

  it('is a boot without a command line', async () => {
    expect(await summary('chain http://m/vmlinuz')).toBe(
      'boots http://m/vmlinuz with command line "" and no initrd',
    )
  })

  it('is the status at which the script falls through', async () => {
    expect(await summary('echo x')).toBe('falls through to the firmware with status 0')
    expect(await summary('exit 7')).toBe('falls through to the firmware with status 7')
  })

  it('is a failure with its line and reason', async () => {
    expect(await summary('echo x\niseq a b')).toBe(
      'fails at line 3: iseq "a" "b" is false and nothing follows ||',
    )
    expect(await summary('goto nowhere')).toBe('fails at line 2: there is no label nowhere')
    expect(await summary('frobnicate')).toBe('fails at line 2: frobnicate: command not found')
    expect(await summary('kernel http://m/none')).toMatch(
      /^fails at line 2: http:\/\/m\/none: No such file/,
    )
    expect(await summary('chain http://m/three.ipxe')).toMatch(
      /^fails at line 2: Could not boot: Error 0x00000003/,
    )
    expect(await summary('echo x\\')).toBe('fails at line 2: the script ends in a continuation')
  })

  it('is a hang where a loop has no end', async () => {
    expect(await summary(':a\nsleep 1\ngoto a')).toMatch(/^hangs at line 4: in a loop/)
    expect(await summary('chain http://m/loop.ipxe')).toMatch(
      /^hangs at line 2 of http:\/\/m\/loop.ipxe/,
    )
  })

  it('is a hang where a value expands to itself', async () => {
    const text = 'set d:hex 24:7b:64:3a:73:74:72:69:6e:67:7d\necho ${d:string}'
    expect(await summary(text)).toBe('hangs at line 3: ${d:string} expands to itself for ever')
  })

  it('is a failure where a value outgrows the memory of iPXE', async () => {
    const doubling = Array.from({ length: 20 }, () => 'set a ${a}${a}').join('\n')
    expect(await summary(`set a xxxxxxxx\n${doubling}`)).toMatch(
      /^fails at line \d+: Not enough space/,
    )
  })

  it('is a wait where a key is needed and none comes', async () => {
    expect(await summary('prompt Press a key')).toBe('waits at line 2 for a key')
    expect(await summary('menu T\nitem a A\nchoose x')).toBe(
      'waits at line 4 for a choice in the menu "T"',
    )
  })

  it('is a disk, a reboot, a shell', async () => {
    expect(await summary('sanboot --no-describe --drive 0x80')).toBe('boots disk 0x80')
    expect(
      await summary('sanboot iscsi:10.0.0.1::::iqn.x', {
        network: { 'iscsi:10.0.0.1::::iqn.x': true },
      }),
    ).toBe('boots disk 0x80 iscsi:10.0.0.1::::iqn.x')
    expect(await summary('reboot')).toBe('reboots at line 2')
    expect(await summary('echo a\nshell')).toBe('opens the shell at line 3')
  })
})

describe('the machine', () => {
  it('has the facts it is given', async () => {
    const machine = {
      mac: '02:00:00:00:00:07',
      serial: 'S 1',
      settings: { '175.200:string': 'hello' },
    }
    const text =
      'echo ${mac:hexhyp} ${net0/mac} ${serial:uristring} ${175.200:string} ${platform} ${buildarch}'
    expect(await printed(text, { machine })).toBe(
      '02-00-00-00-00-07 02:00:00:00:00:07 S%201 hello pcbios i386\n',
    )
  })

  it('gets what DHCP and ProxyDHCP tell, in their own blocks', async () => {
    const card = {
      dhcp: { ip: '10.0.0.7', 'next-server': '10.0.0.2' },
      proxyDhcp: { filename: 'x.ipxe' },
    }
    const text = 'echo ${ip} ${net0.dhcp/ip} ${filename} ${proxydhcp/filename} [${net0/filename}]'
    expect(await printed(text, { machine: { cards: [card] } })).toBe(
      '10.0.0.7 10.0.0.7 x.ipxe x.ipxe []\n',
    )
  })

  it('has no network before an embedded script asks for it', async () => {
    const options = { embedded: true, network: { 'http://m/vmlinuz': true } } as const
    expect(await summary('chain http://m/vmlinuz', options)).toMatch(/^fails .*Network unreachable/)
    expect(await summary('dhcp\nchain http://m/vmlinuz', options)).toMatch(/^boots/)
  })

  it('tries its cards in turn', async () => {
    const cards = [{ dhcp: false } as const, {}]
    expect(
      await printed('dhcp && echo ${netX/ifname}', { embedded: true, machine: { cards } }),
    ).toBe(
      'Configuring (net0 52:54:00:12:34:56)... No configuration methods succeeded (http://ipxe.org/040ee119)\n' +
        'Configuring (net1 52:54:00:12:34:57)... ok\nnet1\n',
    )
  })
})

describe('keys and time', () => {
  const menu =
    'menu T\nitem --key l local Disk\nitem net Network\nchoose --timeout 5000 sel && echo ${sel} || echo no'

  it('chooses the first item when the time is up', async () => {
    const result = await run(`#!ipxe\n${menu}\n`)
    expect(result.console).toBe('local\n')
    expect(result.elapsedMs).toBe(5000)
    expect(result.setting('sel')).toBe('local')
  })

  it('takes keys at their time', async () => {
    expect(
      await printed(menu, {
        keys: [
          { key: 'down', atMs: 4000 },
          { key: 'enter', atMs: 9000 },
        ],
      }),
    ).toBe('net\n')
    expect(await printed(menu, { keys: [{ key: 'l', atMs: 100 }] })).toBe('local\n')
    expect(await printed(menu, { keys: [{ key: 'esc' }] })).toBe('no\n')
  })

  it('loses keys that are pressed while it sleeps', async () => {
    const text = 'sleep 2\nprompt --timeout 1000 && echo key || echo none'
    expect(await printed(text, { keys: [{ key: 'x', atMs: 500 }] })).toBe('none\n')
    expect(await printed(text, { keys: [{ key: 'x', atMs: 2500 }] })).toBe('key\n')
    expect(
      await printed('sleep 9 || echo cancelled', { keys: [{ key: 'ctrl-c', atMs: 10 }] }),
    ).toBe('cancelled\n')
  })
})

describe('the network', () => {
  it('may be a function, which sees parameters and headers', async () => {
    const seen: unknown[] = []
    const text = 'params\nparam mac ${mac}\nparam --header X-Token a b\nchain http://m/x##params'
    await run(`#!ipxe\n${text}\n`, {
      profile: ipxe2Efi,
      network: async (request) => {
        seen.push(request)
        return '#!ipxe\nexit\n'
      },
    })
    expect(seen).toEqual([
      {
        uri: 'http://m/x',
        method: 'POST',
        parameters: [{ name: 'mac', value: '52:54:00:12:34:56' }],
        headers: [{ name: 'X-Token', value: 'a b' }],
        atMs: 0,
      },
    ])
  })

  it('resolves names against the running script', async () => {
    const network = {
      'http://h/a/b.ipxe': '#!ipxe\nkernel c\nboot\n',
      'http://h/a/c': true,
    } as const
    expect(await summary('chain a/b.ipxe', { uri: 'http://h/start.ipxe', network })).toMatch(
      /^boots http:\/\/h\/a\/c /,
    )
  })

  it('tells a server that does not answer from a file that is not there', async () => {
    const network = { 'http://m/slow': { error: 'timeout' } } as const
    expect(await summary('imgfetch http://m/slow', { network })).toMatch(/Connection timed out/)
    expect(await summary('imgfetch https://m/x', { network })).toMatch(/Operation not supported/)
  })
})

const bootOnEfi = (line: string): Promise<string> =>
  summary(`kernel http://m/vmlinuz ${line}\ninitrd --name main http://m/initrd.img\nboot`, {
    profile: ipxe2Efi,
  })

describe('a build for EFI', () => {
  it('gives the kernel the initrds it names, and says which it lacks', async () => {
    expect(await bootOnEfi('initrd=main')).toMatch(/and initrd http:\/\/m\/initrd.img$/)
    expect(await bootOnEfi('initrd=initrd.img')).toMatch(
      /and no initrd, without the initrd it asks for: initrd.img$/,
    )
    expect(await bootOnEfi('quiet')).toMatch(/and initrd http:\/\/m\/initrd.img$/)
    expect(await bootOnEfi('initrd=initrd.magic')).toMatch(/and initrd http:\/\/m\/initrd.img$/)
  })

  it('has the commands of its profile', async () => {
    expect(await summary('imgset x http://m/extra.cfg\necho ${x}', { profile: ipxe2Efi })).toMatch(
      /command not found/,
    )
    expect(
      await printed('imgset x http://m/extra.cfg\necho ${x}', { profile: masterEfi }),
    ).toContain('text\n')
    expect(await printed('echo ${cwuri}', { profile: ipxe2Efi, uri: 'http://h/a.ipxe' })).toBe(
      'http://h/a.ipxe\n',
    )
  })
})

describe('an empty number', () => {
  it('is 0 in the build of 2019 and refused in later ones', async () => {
    expect(await summary('sleep ${}')).toBe('falls through to the firmware with status 0')
    expect(await summary('sleep ${}', { profile: ipxe2Efi })).toBe(
      'fails at line 2: "": invalid integer value',
    )
  })
})

describe('the trace', () => {
  it('has every executed command, expanded, with its line and status', async () => {
    const { trace, steps } = await run('#!ipxe\nset x a b\niseq ${x} c || echo [${x}]\n')
    expect(trace).toEqual([
      { script: '', line: 2, command: ['set', 'x', 'a', 'b'], status: 0 },
      { script: '', line: 3, command: ['iseq', 'a b', 'c'], status: 0x46022001 },
      { script: '', line: 3, command: ['echo', '[a b]'], status: 0 },
    ])
    expect(steps).toBe(3)
  })

  it('is cut at its limit', async () => {
    const { trace, steps } = await run('#!ipxe\n:a goto a\n', { limits: { steps: 500, trace: 10 } })
    expect([trace.length, steps]).toEqual([10, 501])
  })
})

describe('text that is not ASCII', () => {
  it('is UTF-8 inside and out', async () => {
    const { console, setting } = await run('#!ipxe\nset v grün\necho ${v} ${v:hexraw}\n')
    expect(console).toBe('grün 6772c3bc6e\n')
    expect(setting('v')).toBe('grün')
  })
})

describe('a profile of one’s own', () => {
  const text =
    '#!ipxe\nkernel http://m/vmlinuz initrd=initrd.magic\ninitrd http://m/initrd.img\nboot\n'

  const cases: readonly (readonly [AnyProfile, AnyProfile])[] = [
    [debian12, deriveProfile(debian12, { name: 'mine' })],
    [ipxe2Efi, deriveProfile(ipxe2Efi, { name: 'mine' })],
    [masterEfi, deriveProfile(masterEfi, { name: 'mine' })],
  ]

  it.each(cases)(
    'runs and is linted as its base, $name, whatever it is called',
    async (base, mine) => {
      const options = {
        machine: { platform: 'efi' as const },
        network: { 'http://m/vmlinuz': true, 'http://m/initrd.img': true } as const,
      }
      const [ofBase, ofMine] = [
        await run(text, { ...options, profile: base }),
        await run(text, { ...options, profile: mine }),
      ]
      expect(ofMine.summary).toBe(ofBase.summary)
      const rulesFor = (profile: AnyProfile) =>
        lint(text, { profiles: [profile] }).map(({ rule }) => rule)
      expect(rulesFor(mine)).toEqual(rulesFor(base))
    },
  )
})
