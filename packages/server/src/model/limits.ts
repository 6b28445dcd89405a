/** Longest template, script file or configuration file, in bytes. */
export const MAX_TEMPLATE_BYTES = 1_048_576
export const MAX_CONFIG_BYTES: number = 64 * 1_048_576

/** Different sets of values that the templates of one profile are tried with at load. */
export const MAX_DRY_RUNS = 1000

/** Rules per message from the loading thread: each message costs the serving thread a few milliseconds at most. */
export const RULES_PER_SLICE = 100
