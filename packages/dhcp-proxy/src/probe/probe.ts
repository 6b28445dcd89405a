import { describeOutcome, type ClientModel, type Outcome } from '../clients/index.ts'
import { findBlockers, type Blocker } from './blockers.ts'
import { seeOffer, type SeenOffer } from './offers.ts'
import { rehearse, type Exchange } from './rehearse.ts'

/** Everything a probe learnt; plain data. */
export interface ProbeReport {
  readonly client: string
  readonly offers: readonly SeenOffer[]
  readonly bootServers: readonly {
    readonly asked: string
    readonly answers: readonly SeenOffer[]
  }[]
  readonly outcome: Outcome
  /** The outcome in one sentence. */
  readonly sentence: string
  readonly blockers: readonly Blocker[]
}

/** Lets a client act on a network, and says what came of it. */
export const probe = async (client: ClientModel, exchange: Exchange): Promise<ProbeReport> => {
  const { outcome, verdicts, offers, asked, vendorClass } = await rehearse(client, exchange)
  const seen = offers
    .map((heard) => seeOffer(heard, verdicts, 'discover'))
    .filter((offer) => offer !== undefined)
  const bootServers = asked.map(({ question, heard }) => ({
    asked: `${question.to.address}:${question.to.port}`,
    answers: heard
      .map((one) => seeOffer(one, verdicts, 'boot-server'))
      .filter((answer) => answer !== undefined),
  }))
  return {
    client: client.name,
    offers: seen,
    bootServers,
    outcome,
    sentence: describeOutcome(outcome),
    blockers: findBlockers(seen, vendorClass),
  }
}
