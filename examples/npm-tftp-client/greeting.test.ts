import { expect, it } from 'vitest'

import { fetchGreeting } from './greeting.ts'

it('the npm client gets a file made up for it', async () => {
  expect(await fetchGreeting('greeting.txt')).toBe('hello 127.0.0.1\n')
})

it('a refusal reaches the npm client as an error', async () => {
  await expect(fetchGreeting('other.txt')).rejects.toThrow('only greeting.txt')
})
