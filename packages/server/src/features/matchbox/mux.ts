import { escapePath, movedTo, type HttpAnswer, type HttpRequest } from './http-answer.ts'

/** Go's cleanPath: no `//`, `.` and `..`; a slash at the end stays. */
const cleanPath = (path: string): string => {
  const kept: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') kept.pop()
    else if (part !== '' && part !== '.') kept.push(part)
  }
  const clean = `/${kept.join('/')}`
  return path.endsWith('/') && clean !== '/' ? `${clean}/` : clean
}

export type RouteHandler = (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>

/** Go 1.21's ServeMux for paths that are whole, and folders that end in `/`; matchbox v0.11.0 has it whatever Go built it. */
export class Mux {
  readonly #routes = new Map<string, RouteHandler>()

  add(path: string, handler: RouteHandler): void {
    this.#routes.set(path, handler)
  }

  #handlerOf(path: string): RouteHandler | undefined {
    const whole = this.#routes.get(path)
    if (whole) return whole
    const folders = [...this.#routes.keys()].filter(
      (route) => route.endsWith('/') && path.startsWith(route),
    )
    const longest = folders.toSorted((a, b) => b.length - a.length)[0]
    return longest === undefined ? undefined : this.#routes.get(longest)
  }

  answer(request: HttpRequest): HttpAnswer | Promise<HttpAnswer> | undefined {
    const { path, rawQuery, method } = request
    const query = rawQuery === '' ? '' : `?${rawQuery}`
    const clean = method === 'CONNECT' ? path : cleanPath(path)
    if (!this.#routes.has(clean) && this.#routes.has(`${clean}/`))
      return movedTo(`${escapePath(`${clean}/`)}${query}`, method)
    if (clean !== path) return movedTo(`${escapePath(clean)}${query}`, method)
    return this.#handlerOf(path)?.(request)
  }
}
