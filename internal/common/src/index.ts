/**
 * Small things that every package needs. Never published: the build inlines them.
 *
 * @module
 */
export { CodedError, failWith } from './coded-error.ts'
export { listenFds, type PassedSocket } from './listen-fds.ts'
export { messageOf } from './message-of.ts'
export { didYouMean, nearest } from './nearest.ts'
export { TokenBuckets, type Rate } from './token-buckets.ts'
export type { Writable } from './writable.ts'
