import { describe, expect, it } from 'vitest'

import { CodedError, failWith } from '../src/index.ts'

type SampleCode = 'ERR_SAMPLE_FIELD' | 'ERR_SAMPLE_LIMIT'
class SampleError extends CodedError<SampleCode> {
  override readonly name = 'SampleError'
}

describe('CodedError', () => {
  it('is an Error with a code, a name and a cause', () => {
    const cause = new Error('below')
    const error = new SampleError('ERR_SAMPLE_FIELD', 'x is 1; 2 is allowed', { cause })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ code: 'ERR_SAMPLE_FIELD', name: 'SampleError', cause })
    expect(String(error)).toBe('SampleError: x is 1; 2 is allowed')
  })

  it('has no cause where none was given', () => {
    expect('cause' in new SampleError('ERR_SAMPLE_LIMIT', 'm')).toBe(false)
  })
})

describe('failWith', () => {
  it('throws that class with that code', () => {
    const fail = failWith(SampleError, 'ERR_SAMPLE_LIMIT')
    expect(() => fail('too many', { cause: 7 })).toThrow(
      expect.objectContaining({
        name: 'SampleError',
        code: 'ERR_SAMPLE_LIMIT',
        message: 'too many',
        cause: 7,
      }),
    )
  })
})
