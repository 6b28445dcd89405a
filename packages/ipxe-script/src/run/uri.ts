/** A URI as iPXE takes it apart: whatever stands before a first colon is a scheme. */
export interface Uri {
  readonly scheme?: string
  /** What follows the scheme where it does not begin with a slash. */
  readonly opaque?: string
  /** Host, and what belongs to it. */
  readonly authority?: string
  readonly path?: string
  readonly query?: string
  /** Name of the parameter list that `##params` asks for; `''` is the unnamed one. */
  readonly params?: string
}

export const parseUri = (text: string): Uri => {
  const hash = text.indexOf('#')
  const params = hash < 0 ? null : /^##params(?:=(.*))?$/s.exec(text.slice(hash))
  const whole = hash < 0 ? text : text.slice(0, hash)
  const colon = whole.indexOf(':')
  const scheme = colon < 0 ? undefined : whole.slice(0, colon)
  const rest = whole.slice(colon + 1)
  const extra = {
    ...(scheme !== undefined && { scheme }),
    ...(params && { params: params[1] ?? '' }),
  }
  if (scheme !== undefined && !rest.startsWith('/')) return { ...extra, opaque: rest }
  const mark = rest.indexOf('?')
  const query = mark < 0 ? undefined : rest.slice(mark + 1)
  const hierarchy = mark < 0 ? rest : rest.slice(0, mark)
  const host = /^\/\/([^/]*)(.*)$/s.exec(hierarchy)
  const path = host ? host[2]! : hierarchy
  return {
    ...extra,
    ...(host && { authority: host[1]! }),
    ...(path !== '' && { path }),
    ...(query !== undefined && { query }),
  }
}

export const formatUri = ({ scheme, opaque, authority, path, query }: Uri): string =>
  [
    scheme === undefined ? '' : `${scheme}:`,
    opaque ?? '',
    authority === undefined ? '' : `//${authority}`,
    path ?? '',
    query === undefined ? '' : `?${query}`,
  ].join('')

const resolvePath = (base: string, path: string): string => {
  if (path.startsWith('/')) return path
  const stack = base.split('/').slice(0, -1)
  const parts = path.split('/')
  for (const [at, part] of parts.entries()) {
    const last = at === parts.length - 1
    if (part === '.' || part === '..') {
      if (part === '..' && stack.length > 1) stack.pop()
      if (last) stack.push('')
    } else stack.push(part)
  }
  return stack.join('/')
}

/** A URI relative to another, as iPXE resolves it against that of the running script. */
export const resolveUri = (base: Uri | undefined, uri: Uri): Uri => {
  if (uri.scheme !== undefined || !base) return uri
  const params = uri.params === undefined ? {} : { params: uri.params }
  const { params: _, query: baseQuery, ...rest } = base
  if (uri.path !== undefined)
    return {
      ...rest,
      ...params,
      path: resolvePath(base.path ?? '/', uri.path),
      ...(uri.query !== undefined && { query: uri.query }),
    }
  const query = uri.query ?? baseQuery
  return { ...rest, ...params, ...(query !== undefined && { query }) }
}

/** The last part of a URI's path, which names the image. */
export const baseName = ({ path, opaque }: Uri): string => {
  const text = path ?? opaque ?? ''
  return text.slice(text.lastIndexOf('/') + 1)
}
