/** How much of a long part is run: `BOOTWIRE_PROVE_SHARE=0.01` for a hundredth. Figures say how much it was. */
export const shareOf = (count: number): number =>
  Math.ceil(count * Number(process.env['BOOTWIRE_PROVE_SHARE'] ?? 1))
