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

/** Joins a relative path to a base; iPXE takes dots away only at its start. */
const resolvePath = (base: string, path: string): string => {
  if (path.startsWith('/')) return path
  const stack = base.split('/').slice(0, -1)
  let rest = path
  for (let dots = /^\.\.?(?:\/|$)/.exec(rest); dots; dots = /^\.\.?(?:\/|$)/.exec(rest)) {
    if (dots[0].startsWith('..') && stack.length > 1) stack.pop()
    rest = rest.slice(dots[0].length)
  }
  return [...stack, rest].join('/')
}

/** The URI as iPXE prints it: what may be secret is left out. */
export const redactUri = ({ scheme, opaque, authority, path }: Uri): string =>
  formatUri({
    ...(scheme !== undefined && { scheme }),
    ...(opaque !== undefined && { opaque }),
    ...(authority !== undefined && { authority: authority.slice(authority.lastIndexOf('@') + 1) }),
    ...(path !== undefined && { path }),
  })

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
