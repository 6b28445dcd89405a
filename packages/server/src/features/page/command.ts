import { spawn } from 'node:child_process'

import { defineCommand, type Command } from '@bootwire-internal/cli'

import { askDaemon, findDaemon, REMOTE_OPTIONS } from '../../commands/remote.ts'
import { ServerError } from '../../model/errors.ts'

const urlOf = (answer: unknown): string => {
  if (typeof answer === 'object' && answer !== null && 'url' in answer) return String(answer.url)
  throw new ServerError('ERR_SERVER_USAGE', 'the daemon gave no link')
}

/** Where nothing shows web pages, the link has been printed. */
const openBrowser = (url: string): void => {
  const browser = spawn('xdg-open', [url], { detached: true, stdio: 'ignore' })
  browser.once('error', () => {}) // not installed: the link is on the terminal
  browser.unref()
}

/** `bootwire page` */
export const pageCommand: Command = defineCommand({
  summary: 'a link to the page of the running daemon',
  description:
    'Prints a link that opens the page of the running daemon, once and within 10 minutes, and shows it where a browser is at hand. The configuration needs `page` and `server.admin.listen`.',
  options: { print: { summary: 'print the link, and open no browser' }, ...REMOTE_OPTIONS },
  run: async ({ options, print }) => {
    const url = urlOf(await askDaemon(findDaemon(options), '/page/link', {}, 'POST'))
    print(url)
    const { DISPLAY, WAYLAND_DISPLAY } = process.env
    if (!options.print && (DISPLAY ?? WAYLAND_DISPLAY) !== undefined) openBrowser(url)
  },
})
