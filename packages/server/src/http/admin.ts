import type { BootService } from '../boot/service.ts'
import { contains, parseCidr } from '../decide/cidr.ts'

export const MAY_ASK = 'only this host and the networks in `server.http.admin` may ask this\n'

/** Explanations hold answers, and so secrets: only this host may see them unless the configuration names networks. */
export const mayAsk = (service: BootService, ip: string): boolean => {
  if (ip === '::1' || ip === service.offered.server.address) return true
  return service.configuration.server.http.admin.some((network) => {
    const cidr = parseCidr(network)
    return cidr !== undefined && contains(cidr, ip)
  })
}
