import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import { makeKey, makePool, signTree } from './apt-tree.ts'
import { openBed, type Bed, type Squid } from './bed.ts'

const SPEC = (name: string): string =>
  `Name: ${name}\nVersion: 1.0\nRelease: 1\nSummary: x\nLicense: MIT\nBuildArch: noarch\n%description\nx\n%files\n`

/** A repository that rpmbuild and createrepo_c have made. */
const makeRpmRepo = (scratch: string, at: string, name: string): void => {
  mkdirSync(join(at, 'Packages'), { recursive: true })
  mkdirSync(scratch, { recursive: true })
  writeFileSync(join(scratch, `${name}.spec`), SPEC(name))
  const quiet = { stdio: ['ignore', 'pipe', 'pipe'] as ('ignore' | 'pipe')[] }
  execFileSync(
    'rpmbuild',
    ['-bb', '--define', `_topdir ${scratch}`, join(scratch, `${name}.spec`)],
    quiet,
  )
  execFileSync('sh', ['-c', `cp ${scratch}/RPMS/noarch/${name}-*.rpm ${at}/Packages/`], quiet)
  execFileSync('createrepo_c', [at], quiet)
}

const metalink = (
  repomd: Buffer,
  urls: readonly string[],
): string => `<?xml version="1.0" encoding="utf-8"?>
<metalink version="3.0" xmlns="http://www.metalinker.org/" xmlns:mm0="http://fedorahosted.org/mirrormanager" type="dynamic">
 <files><file name="repomd.xml"><mm0:timestamp>1</mm0:timestamp><size>${repomd.length}</size>
  <verification><hash type="sha256">${createHash('sha256').update(repomd).digest('hex')}</hash></verification>
  <resources maxconnections="1">${urls.map((url, i) => `<url protocol="http" type="http" location="DE" preference="${100 - i}">${url}/repodata/repomd.xml</url>`).join('')}</resources>
 </file></files></metalink>
`

/** Runs where names and addresses are as in the bed: dnf and apt resolve nothing themselves, the proxy does. */
describeSystem('stock clients with the generated files', () => {
  let bed: Bed
  let squid: Squid
  let folder: string
  const clientFile = (name: string): string =>
    readFileSync(join(squid.folder, 'conf/clients', name), 'utf8')

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bootwire-squid-clients-'))
    chmodSync(folder, 0o755)
    const web = join(folder, 'web')
    // One tree for all hosts of 10.79.0.2; each vendor has a path of its own.
    makeRpmRepo(join(folder, 'build1'), join(web, '9-stream/BaseOS/x86_64/os'), 'hello-stream')
    makeRpmRepo(join(folder, 'build2'), join(web, 'centos/7/os/x86_64'), 'hello-seven')
    makeRpmRepo(join(folder, 'build3'), join(web, 'linux/centos/9/x86_64/stable'), 'hello-vendor')
    makeRpmRepo(join(folder, 'build4'), join(web, 'mirror/rocky/9/BaseOS/x86_64/os'), 'hello-rocky')
    mkdirSync(join(web, 'lists'), { recursive: true })
    writeFileSync(join(web, 'index'), 'http://mirror.centos.org/centos/7/os/x86_64/\n')
    writeFileSync(
      join(web, 'lists/rocky'),
      'http://unlisted.example/mirror/rocky/9/BaseOS/x86_64/os/\n',
    )
    writeFileSync(
      join(web, 'lists/metalink'),
      metalink(readFileSync(join(web, '9-stream/BaseOS/x86_64/os/repodata/repomd.xml')), [
        'http://mirror.stream.centos.org/9-stream/BaseOS/x86_64/os',
      ]),
    )
    // The list of CentOS Stream comes by https, from a host whose certificate dnf checks.
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        join(folder, 'key.pem'),
        '-out',
        join(folder, 'ca.pem'),
        '-days',
        '2',
        '-subj',
        '/CN=mirrors.centos.org',
        '-addext',
        'subjectAltName=DNS:mirrors.centos.org',
      ],
      { stdio: 'ignore' },
    )
    const key = makeKey(folder, 'vendor')
    makePool(join(folder, 'web'), ['tool0', 'tool1'])
    signTree(join(folder, 'web'), key)
    bed = await openBed([
      '10.79.0.2 mirror.stream.centos.org mirror.centos.org mirrorlist.centos.org download.docker.example unlisted.example ftp.debian.org ppa.example',
      '10.79.0.3 mirrors.centos.org',
    ])
    writeFileSync(
      join(folder, 'nginx.conf'),
      `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; events {}
http { access_log off; client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
server { listen 10.79.0.3:443 ssl; ssl_certificate ${folder}/ca.pem; ssl_certificate_key ${folder}/key.pem; ssl_protocols TLSv1.3; root ${web}/lists; } }`,
    )
    bed.spawn('nginx', '-c', join(folder, 'nginx.conf'))
    await bed.serve({ '10.79.0.2': web })
    squid = await bed.startSquid(0, { cache: { storage: 'memory', host: '10.79.0.10' } })
    await bed.get('http://ftp.debian.org/first', { timeoutMs: 40_000 })
  }, 180_000)
  afterAll(async () => {
    await bed.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const dnf = (repo: string, name: string): { code: number | null; text: string } => {
    const home = mkdtempSync(join(folder, 'dnf-'))
    mkdirSync(join(home, 'repos'))
    writeFileSync(
      join(home, 'dnf.conf'),
      `[main]\nreposdir=${home}/repos\ncachedir=${home}/cache\nlogdir=${home}\npersistdir=${home}\ngpgcheck=0\nplugins=0\n${clientFile('dnf.conf')}`,
    )
    writeFileSync(join(home, 'repos/x.repo'), `[x]\nname=x\nenabled=1\ngpgcheck=0\n${repo}\n`)
    return bed.run(
      'dnf',
      '-c',
      join(home, 'dnf.conf'),
      '--installroot',
      join(home, 'root'),
      '--releasever',
      '9',
      '-y',
      '--downloadonly',
      '--setopt=retries=1',
      'install',
      name,
    )
  }

  const apt = (uri: string): { code: number | null; text: string } => {
    const home = mkdtempSync(join(folder, 'apt-'))
    chmodSync(home, 0o755)
    for (const each of ['state/lists/partial', 'cache/archives/partial', 'etc/none.d'])
      mkdirSync(join(home, each), { recursive: true })
    writeFileSync(join(home, 'status'), '')
    writeFileSync(
      join(home, 'etc/sources.list'),
      `deb [signed-by=${folder}/vendor.gpg] ${uri} t main\n`,
    )
    writeFileSync(
      join(home, 'apt.conf'),
      `Dir "${home}/"; Dir::Etc "etc/"; Dir::Etc::main "none"; Dir::Etc::parts "none.d"; Dir::Etc::sourcelist "sources.list"; Dir::Etc::sourceparts "none.d"; Dir::Etc::trustedparts "none.d"; Dir::State "state/"; Dir::State::status "${home}/status"; Dir::Cache "cache/"; APT::Architecture "amd64"; APT::Architectures {"amd64";}; Acquire::Languages "none"; APT::Sandbox::User "root";
${clientFile('apt.conf')}`,
    )
    const script = `cd ${home} && export APT_CONFIG=${home}/apt.conf && apt-get update --error-on=any && apt-get download tool0`
    return bed.run('sh', '-c', script)
  }

  describe('dnf', () => {
    it.each([
      [
        'CentOS Stream, whose list comes by https',
        () =>
          `metalink=https://mirrors.centos.org/metalink?arch=x86_64\nsslcacert=${folder}/ca.pem`,
        'hello-stream',
      ],
      [
        'CentOS 7, whose list comes by http',
        () => 'mirrorlist=http://mirrorlist.centos.org/?release=7&arch=x86_64&repo=os',
        'hello-seven',
      ],
      [
        'a mirror that nobody has listed',
        () => 'mirrorlist=http://unlisted.example/lists/rocky',
        'hello-rocky',
      ],
      [
        "another vendor's repository",
        () => 'baseurl=http://download.docker.example/linux/centos/9/x86_64/stable',
        'hello-vendor',
      ],
    ])('downloads from %s', { timeout: 60_000 }, (_, repo, name) => {
      const { code, text } = dnf(repo(), name)
      expect(text).toContain('Complete!')
      expect(code).toBe(0)
    })

    it(
      'gets the second time what the first has left in the cache',
      { timeout: 60_000 },
      async () => {
        await bed.seen()
        const { code } = dnf('baseurl=http://mirror.centos.org/centos/7/os/x86_64', 'hello-seven')
        expect(code).toBe(0)
        expect((await bed.seen()).filter(({ path }) => path.endsWith('.rpm'))).toEqual([])
      },
    )
  })

  describe('apt', () => {
    it.each([
      ['Debian', 'http://ftp.debian.org/debian'],
      ["another vendor's archive", 'http://ppa.example/debian'],
    ])('updates and downloads from %s', { timeout: 60_000 }, (_, uri) => {
      const { code, text } = apt(uri)
      expect([code, text]).toEqual([0, expect.any(String)])
    })

    it(
      'writes names as the canonical mirror has them: a second mirror is a hit',
      { timeout: 60_000 },
      async () => {
        await bed.seen()
        expect(apt('http://mirrors.kernel.org/debian').code).toBe(0)
        expect((await bed.seen()).filter(({ path }) => path.endsWith('.deb'))).toEqual([])
      },
    )
  })
})
