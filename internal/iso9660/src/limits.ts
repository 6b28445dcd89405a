/** Bounds on what an image may ask for. Ordinary media stay far below all of them. */
export const LIMITS = {
  /** One directory. A hundred thousand files with long names take 20 MiB. */
  directoryBytes: 64 * 1_048_576,
  /** All directories of one walk: those of a hostile image can overlap. */
  walkBytes: 256 * 1_048_576,
  /** Files, folders and links of one walk. */
  walkEntries: 1_000_000,
  /** Folders on a path, before and after links are followed; a path of ISO 9660 has eight, Rock Ridge makes it longer. */
  depth: 64,
  /** Links on one path, as Linux has it (path_resolution(7)). */
  links: 40,
  /** Continuation areas of one record. */
  continuations: 32,
  /** Bytes of system use of one record, with its continuations. */
  systemUseBytes: 65_536,
  /** Parts of one file: a part holds up to 4 GiB. */
  extents: 4096,
  /** Volume descriptors before the terminator. */
  descriptors: 64,
  /** Entries that are remembered of directories read before. */
  rememberedEntries: 200_000,
} as const
