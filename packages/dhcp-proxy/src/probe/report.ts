import type { SeenOffer } from './offers.ts'
import type { ProbeReport } from './probe.ts'

const facts = (offer: SeenOffer): string => {
  const list = [
    offer.address && `address ${offer.address}`,
    offer.serverId && offer.serverId !== offer.from && `server id ${offer.serverId}`,
    offer.nextServer && `next server ${offer.nextServer}`,
    offer.file && `file ${offer.file}`,
    offer.vendorClass && `option 60 "${offer.vendorClass}"`,
  ]
  return list.filter(Boolean).join(', ') || 'nothing of use'
}

const KINDS = {
  address: 'DHCP server',
  proxy: 'ProxyDHCP',
  'boot-server': 'boot server',
  other: 'neither an address nor a boot part',
} as const

const linesOf = (offer: SeenOffer): string[] => {
  const { verdict } = offer
  const use = verdict
    ? `${verdict.accepted ? 'takes it' : 'ignores it'} (${verdict.role}): ${verdict.why}`
    : 'does not look at it'
  return [
    `  ${offer.from} after ${offer.afterMs} ms, ${KINDS[offer.kind]}: ${facts(offer)}`,
    `    options ${offer.options.join(' ')}`,
    `    the client ${use}`,
  ]
}

/** The report for people. */
export const reportText = (report: ProbeReport): string => {
  const { offers, bootServers, blockers, outcome } = report
  const lines = [
    `As ${report.client}: one DISCOVER, ${offers.length} ${offers.length === 1 ? 'offer' : 'offers'}`,
    ...offers.flatMap(linesOf),
    ...bootServers.flatMap(({ asked, answers }) => [
      `asked ${asked}: ${answers.length === 0 ? 'no answer' : `${answers.length} ${answers.length === 1 ? 'answer' : 'answers'}`}`,
      ...answers.flatMap(linesOf),
    ]),
    '',
    `The client ${report.sentence}`,
    ...outcome.waits.map(({ what, ms }) => `  waits ${ms} ms for ${what}`),
    ...(blockers.length > 0
      ? ['', 'In the way:', ...blockers.map(({ code, text }) => `  ${code}: ${text}`)]
      : []),
  ]
  return `${lines.join('\n')}\n`
}
