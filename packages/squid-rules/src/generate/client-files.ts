import { parseMirror } from '../engine/mirror.ts'
import { settingsOf } from '../options/cache-defaults.ts'
import type { Options } from '../options/options.ts'

const siteSnippet = (options: Options): Record<string, string> => {
  const { sites, sitePort } = settingsOf(options)
  if (sites.length === 0) return {}
  const port = sitePort === 80 ? '' : `:${sitePort}`
  const lines = sites.map(
    ({ host, repository, origin }) =>
      `${repository}: http://${host}${port}/${parseMirror(origin).prefix}/`,
  )
  return { 'clients/sites.txt': `${lines.join('\n')}\n` }
}

/** What clients are told so that they use the cache, by file name. */
export const clientSnippets = (options: Options): Record<string, string> => {
  const { port, proxy, host } = settingsOf(options)
  if (proxy === 'accelerator') return siteSnippet(options)
  const url = `http://${host}:${port}`
  return {
    // One of the mirror list's http mirrors: an https one passes through the cache unseen.
    'clients/dnf.conf': `# /etc/dnf/dnf.conf or /etc/yum.conf, section [main]
# Of mirror lists, take http mirrors: metalink=https://...&protocol=http in the .repo file. What comes by https passes
# through unseen.
proxy=${url}
`,
    'clients/apt.conf': `# /etc/apt/apt.conf.d/00proxy\nAcquire::http::Proxy "${url}/";\nAcquire::https::Proxy "${url}/";\n`,
    'clients/kickstart.cfg': `# each of the lines that the kickstart file has already\nurl --url=http://MIRROR/PATH/ --proxy=${url}\nrepo --name=updates --baseurl=http://MIRROR/PATH/ --proxy=${url}\n`,
    'clients/preseed.cfg': `d-i mirror/protocol string http\nd-i mirror/http/proxy string ${url}/\n`,
    ...siteSnippet(options),
  }
}
