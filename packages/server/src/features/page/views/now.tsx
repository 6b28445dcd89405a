import type { VNode } from 'preact'

import type { MachineStatus } from '../../../boot/status.ts'
import { harmless } from '../../../log/harmless.ts'
import { CSRF } from '../access.ts'
import { Document } from './document.tsx'

/** A word that came from the network: apart from the direction of what surrounds it, and its marks never obeyed. */
const Word = ({ text }: { readonly text: string }): VNode => <bdi>{harmless(text)}</bdi>

const Time = ({ iso }: { readonly iso: string }): VNode => (
  <time dateTime={iso}>{`${iso.slice(0, 19).replace('T', ' ')} UTC`}</time>
)

/** Holding loses nothing, so it asks nothing; what ends a hold may erase a disk, and is not a click. */
const HoldForm = (props: { readonly machine: MachineStatus; readonly csrf: string }): VNode => {
  const { mac, held, name = mac } = props.machine
  if (held !== undefined) return <code>bootwire hold {mac} --release</code>
  return (
    <form method="post" action={`/page/machines/${encodeURIComponent(mac)}/hold`}>
      <input type="hidden" name={CSRF} value={props.csrf} />
      <button type="submit" aria-label={`hold ${harmless(name)}`}>
        Hold
      </button>
    </form>
  )
}

const Row = (props: { readonly machine: MachineStatus; readonly csrf: string }): VNode => {
  const { mac, name = mac, outcome, stage, profile = '', because, why, since, held } = props.machine
  return (
    <tr>
      <th scope="row">
        <Word text={name} />
      </th>
      <td>{mac}</td>
      <td>
        <Word text={profile} />
      </td>
      <td>{held === undefined ? outcome : 'held'}</td>
      <td>{stage}</td>
      <td>
        <Word text={because ?? why ?? ''} />
      </td>
      <td>{since !== undefined && <Time iso={since} />}</td>
      <td>
        <HoldForm {...props} />
      </td>
    </tr>
  )
}

const HEADINGS = ['Machine', 'MAC', 'Profile', 'Outcome', 'Stage', 'Why', 'Since', 'Action']

/** How many rows are sent at once. */
const MAX_ROWS = 100

/** Now: what each machine does. */
export const nowPage = (machines: readonly MachineStatus[], csrf: string, asOf: string): VNode => (
  <Document title="Bootwire">
    <h1>Now</h1>
    <p>
      {machines.length === 0
        ? 'No machine has asked yet'
        : `${Math.min(machines.length, MAX_ROWS)} of ${machines.length} machines, those heard of last`}
      , as of <Time iso={asOf} />
    </p>
    {machines.length > 0 && (
      <table>
        <thead>
          <tr>
            {HEADINGS.map((heading) => (
              <th scope="col" key={heading}>
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {machines
            .slice(-MAX_ROWS)
            .toReversed()
            .map((machine) => (
              <Row key={machine.mac} machine={machine} csrf={csrf} />
            ))}
        </tbody>
      </table>
    )}
  </Document>
)
