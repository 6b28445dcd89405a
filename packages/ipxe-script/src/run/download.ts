import { type Bytes, toBytes, toText } from './bytes.ts'
import { messageOf, STATUS } from './errno.ts'
import type { Image } from './images.ts'
import { type FetchReply, typeOf } from './network.ts'
import { baseName, formatUri, parseUri, redactUri, resolveUri, type Uri } from './uri.ts'
import type { Parameters, Vm } from './vm.ts'

/** Takes the parameter list that a URI names; the list is used up by that. */
const takeParameters = (vm: Vm, uri: Uri): Parameters | undefined => {
  if (uri.params === undefined) return undefined
  const list = vm.parameters.get(uri.params)
  vm.parameters.delete(uri.params)
  return list
}

const failureOf = (uri: Uri, reply: FetchReply): number => {
  if (typeof reply === 'object' && 'error' in reply)
    return reply.error === 'timeout' ? STATUS.timedOut : STATUS.unreachable
  return uri.scheme === 'tftp' ? STATUS.fileNotFound : STATUS.pageNotFound
}

const hasContent = (reply: FetchReply): reply is string | Uint8Array | true =>
  reply === true || typeof reply === 'string' || reply instanceof Uint8Array

/** Whether any open card could carry a request. */
const isConnected = (vm: Vm): boolean =>
  vm.devices.some((device) => device.open && device.configured && device.card.link)

/** TFTP knows no query. */
const asFile = ({ query, ...uri }: Uri): Uri =>
  query === undefined || uri.scheme === 'tftp' ? uri : { ...uri, query }

/** Asks the network for a file; its content, or a status. */
export const request = async (vm: Vm, uri: Uri): Promise<string | Uint8Array | true | number> => {
  const list = takeParameters(vm, uri)
  if (uri.scheme === 'data' || uri.scheme === 'file') {
    // Neither needs a network.
  } else if (!isConnected(vm)) return uri.scheme === 'tftp' ? STATUS.timedOut : STATUS.unreachable
  const fields = (header: boolean): { name: string; value: string }[] =>
    (list?.entries ?? [])
      .filter((entry) => entry.header === header)
      .map(({ name, value }) => ({ name: toText(name), value: toText(value) }))
  const reply = await vm.parts.fetch({
    uri: toText(formatUri(asFile(uri))),
    method: list?.method ?? (list && fields(false).length > 0 ? 'POST' : 'GET'),
    parameters: fields(false),
    headers: fields(true),
    atMs: vm.parts.keyboard.nowMs,
  })
  return hasContent(reply) ? reply : failureOf(uri, reply)
}

const imageOf = (vm: Vm, uri: Uri, content: string | Uint8Array | true): Image => {
  const data = content === true ? '' : toBytes(content)
  const type = content === true ? 'program' : typeOf(data, vm.parts.platform)
  const { params: _, ...place } = uri
  return {
    name: baseName(uri),
    uri: place,
    data,
    type,
    commandLine: undefined,
    selected: false,
    autofree: false,
  }
}

/** Downloads a file as an image, and says so; a status where that fails. It is not registered yet. */
export const download = async (vm: Vm, text: Bytes): Promise<Image | number> => {
  const asked = parseUri(text)
  const uri = resolveUri(vm.workingUri, asked)
  if (uri.scheme === undefined || !vm.parts.profile.schemes.has(uri.scheme))
    return vm.complain(
      STATUS.schemeUnsupported,
      `Could not start download: ${messageOf(STATUS.schemeUnsupported)}`,
    )
  vm.print(`${redactUri(asked)}...`)
  const content = await request(vm, uri)
  if (typeof content === 'number') {
    vm.print(` ${messageOf(content)}\n`)
    vm.reason = `${text}: ${messageOf(content)}`
    return content
  }
  vm.print(' ok\n')
  return imageOf(vm, uri, content)
}
