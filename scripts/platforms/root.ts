import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { debianMirror, ensureDebianPackages, INSTALLED } from '../debian.mjs'

const CACHE = fileURLToPath(new URL('../../.cache/', import.meta.url))
const ROOTS = join(CACHE, 'roots')

/** What a person who wants to try Bootwire has on a small Debian; `minbase` has no ps, no compiler and no whole perl. */
const INCLUDED = ['ca-certificates', 'nodejs', 'npm']

/** Folders of the host that spare downloads: where they are, and where the root has them. */
const SHARED: readonly (readonly [string, string])[] = [
  [join(ROOTS, 'npm'), '/var/cache/npm'],
  [join(ROOTS, 'pnpm'), '/var/cache/pnpm'],
  [join(ROOTS, 'archives'), '/var/cache/apt/archives'],
  [join(CACHE, 'debian'), '/home/ada/bootwire/.cache/debian'],
]

/** Mounts the layers, the kernel's file systems and the shared folders, and changes into them. $1: its folder. */
const ENTER = `
set -e
run=$1 lower=$2 upper=$3; shift 3
root=$run/root
mount --make-rprivate /
mkdir -p "$root" "$run/work" "$upper"
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$upper,workdir=$run/work" "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
while [ "$1" != -- ]; do
  mkdir -p "$1" "$root$2"
  mount --bind "$1" "$root$2"
  shift 2
done
shift
exec chroot "$root" "$@"
`

const output = (command: string, args: readonly string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()

/** How this host reaches npm's registry; the root reaches it the same way. */
const npmEnvironment = (): Record<string, string> => {
  const registry = output('npm', ['config', 'get', 'registry'])
  return {
    npm_config_registry: registry,
    npm_config_cache: '/var/cache/npm',
    npm_config_store_dir: '/var/cache/pnpm',
    npm_config_update_notifier: 'false',
    NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/ca-certificates.crt',
  }
}

/** How this host's apt reaches its mirror, and whether that may lag behind its release. */
const aptSettings = (): string =>
  output('apt-config', ['dump'])
    .split('\n')
    .filter((line) => /^Acquire::(?:https?::Proxy|Check-Valid-Until) /.test(line))
    .join('\n')

const sweep = (): void => {
  for (const name of readdirSync(ROOTS)) {
    const [, pid] = /^run-(\d+)/.exec(name) ?? []
    if (pid !== undefined && !existsSync(`/proc/${pid}`))
      rmSync(join(ROOTS, name), { recursive: true })
  }
}

/** Builds the release's minimal root with its own Node and npm, once. */
export const baseOf = (suite: string, say: (line: string) => void): string => {
  const folder = join(ROOTS, `${suite}-base`)
  if (existsSync(folder)) return folder
  mkdirSync(ROOTS, { recursive: true })
  const missing = ensureDebianPackages(say, ['mmdebstrap'], [])
  if (missing !== undefined) throw new Error(missing)
  say(`building a minimal root of Debian ${suite} (some minutes, once)`)
  const part = `${folder}.part`
  rmSync(part, { recursive: true, force: true })
  const options = ['--quiet', '--mode=root', '--variant=minbase', '--format=directory']
  output('mmdebstrap', [...options, `--include=${INCLUDED.join()}`, suite, part, debianMirror()])
  // How the host reaches names, servers and their certificates.
  copyFileSync('/etc/resolv.conf', join(part, 'etc/resolv.conf'))
  copyFileSync(
    '/etc/ssl/certs/ca-certificates.crt',
    join(part, 'etc/ssl/certs/ca-certificates.crt'),
  )
  writeFileSync(join(part, 'etc/apt/apt.conf.d/90host'), `${aptSettings()}\n`)
  writeFileSync(join(part, 'etc/apt/apt.conf.d/91keep'), 'APT::Keep-Downloaded-Packages "true";\n')
  output('chroot', [part, 'useradd', '--create-home', '--shell', '/bin/bash', 'ada'])
  output('chroot', [part, 'chmod', '700', '/home/ada'])
  renameSync(part, folder)
  return folder
}

/** A Debian of its own: a root file system in a mount namespace, that changes nothing of the host and is thrown away. */
export class DebianRoot {
  readonly suite: string
  readonly #folder: string
  #lower: string
  readonly #environment = npmEnvironment()

  private constructor(suite: string, lower: string) {
    this.suite = suite
    this.#lower = lower
    this.#folder = join(ROOTS, `run-${process.pid}-${suite}`)
    rmSync(this.#folder, { recursive: true, force: true })
    mkdirSync(this.#folder)
  }

  /**
   * @param packages `declared` has the packages of scripts/debian/table.mjs from an earlier run; `none` is a fresh root
   */
  static async create(
    suite: string,
    packages: 'none' | 'declared',
    say: (line: string) => void,
  ): Promise<DebianRoot> {
    mkdirSync(ROOTS, { recursive: true })
    sweep()
    const root = new DebianRoot(suite, baseOf(suite, say))
    if (packages === 'declared') await root.#addLayer(say)
    return root
  }

  /** Puts the checkout's files, as they are now, into ada's home, which only she can read. */
  async checkout(): Promise<void> {
    const source = fileURLToPath(new URL('../..', import.meta.url))
    const list = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
      cwd: source,
      maxBuffer: 1 << 26,
    })
    const archive = join(this.#folder, 'checkout.tar')
    const present = list
      .toString()
      .split('\0')
      .filter((name) => name !== '' && existsSync(join(source, name)))
    execFileSync('tar', ['-C', source, '--null', '-T', '-', '-cf', archive], {
      input: present.join('\0'),
    })
    const home = join(this.#folder, 'upper/home/ada/bootwire')
    mkdirSync(home, { recursive: true })
    output('tar', ['-C', home, '-xf', archive])
    // Not what is mounted below it: that is the host's.
    const chown = 'find /home/ada -xdev -exec chown -h ada:ada {} + && chmod 700 /home/ada'
    const { code, said } = await this.run(['sh', '-c', chown])
    if (code !== 0) throw new Error(said)
  }

  /** Writes a file into the root's top folder. */
  put(name: string, content: Uint8Array): void {
    const upper = join(this.#folder, 'upper')
    mkdirSync(upper, { recursive: true })
    writeFileSync(join(upper, name), content)
  }

  /**
   * Runs a program in the root, in the checkout's folder where there is one; everything it started ends with it.
   *
   * @param watch is given what it prints
   */
  async run(
    command: readonly string[],
    { user = 'root', watch }: { user?: 'root' | 'ada'; watch?: (text: string) => void } = {},
  ): Promise<{ readonly code: number | null; readonly said: string; readonly seconds: number }> {
    const startedMs = Date.now()
    const there = 'cd /home/ada/bootwire 2>/dev/null || cd /; exec "$@"'
    // What root has downloaded is in the same caches; npm ends with EACCES (243) where it may not write in them.
    const hers =
      'chown -R ada:ada /var/cache/npm /var/cache/pnpm && find /home/ada -xdev -exec chown -h ada:ada {} + && exec "$@"'
    const asUser =
      user === 'root'
        ? []
        : ['sh', '-c', hers, 'sh', 'setpriv', '--reuid=ada', '--regid=ada', '--init-groups']
    const home = user === 'root' ? '/root' : '/home/ada'
    const inside = [...asUser, 'env', `HOME=${home}`, 'sh', '-c', there, 'sh', ...command]
    const upper = join(this.#folder, 'upper')
    const namespaces = ['--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child']
    const enter = ['sh', '-c', ENTER, 'enter', this.#folder, this.#lower, upper]
    const child = spawn('unshare', [...namespaces, ...enter, ...SHARED.flat(), '--', ...inside], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: this.#env(),
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text
        watch?.(text)
      })
    }
    // Rejects where there is no unshare.
    await once(child, 'close')
    return { code: child.exitCode, said, seconds: (Date.now() - startedMs) / 1000 }
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #env(): NodeJS.ProcessEnv {
    const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
    const ours = { PATH: path, LANG: 'C.UTF-8', CI: 'true', NO_COLOR: '1' }
    return { ...ours, ...this.#environment }
  }

  /** Installs the declared packages into a layer that later runs reuse. */
  async #addLayer(say: (line: string) => void): Promise<void> {
    const key = createHash('sha256').update(Object.keys(INSTALLED).join()).digest('hex').slice(0, 8)
    const folder = join(ROOTS, `${this.suite}-packages-${key}`)
    if (!existsSync(folder)) {
      say(`installing the declared packages in Debian ${this.suite} (minutes, once)`)
      await this.checkout()
      const bring = `import('./scripts/debian.mjs').then((m) => { const why = m.ensureDebianPackages(console.error, undefined, []); if (why) { console.error(why); process.exit(1) } })`
      const { code, said } = await this.run(['node', '-e', bring])
      if (code !== 0) throw new Error(said)
      rmSync(join(this.#folder, 'upper/home'), { recursive: true })
      renameSync(join(this.#folder, 'upper'), folder)
    }
    this.#lower = `${folder}:${this.#lower}`
  }
}
