import { DgramAsPromised } from 'dgram-as-promised'

/** Sends one datagram and resolves to the first answer. */
export const ask = async (question: string, port: number): Promise<string> => {
  const socket = DgramAsPromised.createSocket('udp4')
  try {
    await socket.bind(0, '127.0.0.1')
    await socket.send(question, 0, question.length, port, '127.0.0.1')
    const answer = await socket.recv()
    return answer?.msg.toString() ?? ''
  } finally {
    await socket.close()
  }
}
