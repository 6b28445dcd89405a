/** What follows block 65535: 0 is what iPXE, GRUB, U-Boot and EDK2 expect; the RFCs are silent. */
export type Rollover = 0 | 1

/** The 16-bit number of an absolute block number; block 0 is the answer to a request. */
export const wireOf = (block: number, rollover: Rollover): number =>
  rollover === 0 || block <= 0xffff ? block & 0xffff : ((block - 1) % 0xffff) + 1

/** How many blocks after absolute block `from` the block numbered `wire` lies: 0 is `from` itself. */
export const distanceOf = (wire: number, from: number, rollover: Rollover): number => {
  if (rollover === 0) return (wire - from) & 0xffff
  if (from <= 0) return wire - from
  const distance = wire - wireOf(from, 1)
  // Number 0 comes once only, before block 1: later it belongs to nothing.
  if (wire === 0) return 0xffff
  return distance < 0 ? distance + 0xffff : distance
}
