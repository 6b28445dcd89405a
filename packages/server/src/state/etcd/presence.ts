import type { EtcdStore } from './etcd-store.ts'
import { base64, field, fromBase64, numberOf } from './gateway.ts'
import { pairsOf, rangeEnd } from './keys.ts'

/** Without a sign of life for this long, a replica counts as gone. */
const TTL_SECONDS = 10

/** That this replica is there: for the status only, nothing is decided by it. */
export interface Presence {
  close(): Promise<void>
}

/** Announces this replica for as long as the process lives, on a lease. */
export const announce = async (
  store: EtcdStore,
  name: string,
  about: string,
): Promise<Presence> => {
  const { gateway, names } = store
  const key = `${names.replicas}${name}`
  let lease = ''
  const grant = async () => {
    const answer = await gateway.call('/v3/lease/grant', { TTL: String(TTL_SECONDS) })
    lease = String(field(answer, 'ID'))
    await gateway.call('/v3/kv/put', { key: base64(key), value: base64(about), lease })
  }
  const renew = async () => {
    const answer = await gateway.call('/v3/lease/keepalive', { ID: lease })
    if (numberOf(field(answer, 'result', 'TTL')) === 0) await grant()
  }
  await grant()
  const timer = setInterval(
    () => {
      renew().catch(() => {
        // The next one may succeed; the store itself says that etcd is away.
      })
    },
    (TTL_SECONDS * 1000) / 3,
  )
  timer.unref()
  return {
    close: async () => {
      clearInterval(timer)
      await gateway.call('/v3/lease/revoke', { ID: lease })
    },
  }
}

/** The replicas that are there: what each said of itself, by name. */
export const replicasOf = async ({
  gateway,
  names,
}: EtcdStore): Promise<ReadonlyMap<string, string>> => {
  const { replicas } = names
  const answer = await gateway.call('/v3/kv/range', {
    key: base64(replicas),
    range_end: rangeEnd(replicas),
  })
  return new Map(
    pairsOf(answer).map((pair) => [
      fromBase64(field(pair, 'key')).slice(replicas.length),
      fromBase64(field(pair, 'value')),
    ]),
  )
}
