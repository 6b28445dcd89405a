import { afterAll, vi } from 'vitest'

/** Clients dally for a moment after their last ACK: waits at the end of the file until none does. */
export const waitForDallyingClients = (): void =>
  afterAll(() =>
    vi.waitFor(() => {
      if (process.getActiveResourcesInfo().includes('UDPWrap')) throw new Error('a client dallies')
    }, 5000),
  )
