/** A reason that a person can act on. */
export class HostError extends Error {}
