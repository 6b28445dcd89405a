// Asks who is there, and goes on at a server that wants to know.
import { chain, facts, goto, label, login, script, uri } from '@bootwire/ipxe-script'

const { username, password } = facts
const start = label('start')

export const boot = script(
  start,
  login().or(goto(start)),
  chain({ autofree: true }, uri`https://${username}:${password}@boot.example/private.ipxe`).or(
    goto(start),
  ),
)
