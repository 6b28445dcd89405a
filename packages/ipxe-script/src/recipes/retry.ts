import {
  Block,
  type BlockLine,
  type Duration,
  goto,
  inc,
  type IntegerType,
  iseq,
  type Jump,
  type ScriptLine,
  localLabel,
  set,
  type Setting,
  setting,
  sleep,
} from '../build/index.ts'
import { Step } from '../build/step.ts'
import { IpxeScriptError } from '../errors.ts'
import type { Feature } from '../table/index.ts'
import { checkOptions } from './options.ts'

export interface RetryOptions<F extends Feature> {
  /** Tries before `otherwise`. Default: endless. */
  readonly attempts?: number
  /** Wait between tries. Default: as many seconds as tries so far. */
  readonly wait?: Duration
  /** Where it goes when all tries failed. */
  readonly otherwise: Jump<F>
  /** Counts the tries; a `retry` inside another needs one of its own. Default: `attempt`. */
  readonly counter?: Setting<IntegerType>
}

type RetryFeature = 'set' | 'goto' | 'inc' | 'iseq' | 'sleep'

/** Tries lines again until all of them succeed, waiting longer each time. */
export const retry = <F extends Feature, G extends Feature>(
  options: RetryOptions<G>,
  work: Block<F> | Step<F, 'fallible'>,
): readonly ScriptLine<F | G | RetryFeature>[] => {
  checkOptions('retry', options)
  const { attempts, otherwise, counter = setting('attempt', 'int32') } = options
  if (attempts !== undefined && !(Number.isInteger(attempts) && attempts >= 1))
    throw new IpxeScriptError(
      'ERR_IPXE_RECIPE',
      `retry: ${attempts} attempts are not a whole number from 1`,
    )
  if (!(work instanceof Block || work instanceof Step))
    throw new IpxeScriptError(
      'ERR_IPXE_RECIPE',
      `retry is given ${JSON.stringify(work)} to try and takes a command or a block`,
    )
  const [again, failed, done] = [
    localLabel('retry'),
    localLabel('retry-failed'),
    localLabel('retry-done'),
  ]
  const block = work instanceof Block ? work : new Block<F>([work satisfies BlockLine<F>])
  return [
    set(counter, 0),
    again,
    block.or(goto(failed)),
    goto(done),
    failed,
    inc(counter).orEnd(),
    ...(attempts === undefined ? [] : [iseq(counter, attempts).and(otherwise).orIgnore()]),
    sleep(options.wait ?? counter).orIgnore(),
    goto(again),
    done,
  ]
}
