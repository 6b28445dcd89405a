/** What a token of the admin door may be good for. */
export const SCOPES = ['read', 'act', 'metrics'] as const
export type Scope = (typeof SCOPES)[number]
