import { createSocket } from 'node:dgram'

import { expect, test } from 'vitest'

import { ask } from './ask.ts'
import { receivedByEvents, receivedByLoop } from './lose.ts'

test('message events of the public socket see every datagram', async () => {
  expect(await receivedByEvents()).toBe(64)
})

test('the receive loop of the library loses datagrams that arrive while its body waits', async () => {
  expect(await receivedByLoop()).toBeLessThan(64)
})

test('one question and one answer is what the library is good for', async () => {
  const echo = createSocket('udp4')
  echo.on('message', (message, { port, address }) =>
    echo.send(`${message.toString()} back`, port, address),
  )
  await new Promise<void>((resolve) => echo.bind(0, '127.0.0.1', resolve))
  expect(await ask('there and', echo.address().port)).toBe('there and back')
  await new Promise<void>((resolve) => echo.close(() => resolve()))
})
