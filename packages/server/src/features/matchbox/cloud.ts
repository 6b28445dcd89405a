import { parseDocument } from 'yaml'

import { ServerError } from '../../model/errors.ts'

/**
 * Lets a cloud-config or a script pass.
 * @throws {ServerError} `ERR_SERVER_DATA` for anything else
 */
export const requireCloudConfig = (text: Buffer): void => {
  const content = text.toString('utf8')
  const firstLine = content.split('\n')[0]?.trimEnd()
  if (firstLine === '#cloud-config') {
    const [error] = parseDocument(content, { uniqueKeys: false }).errors
    if (error) throw new ServerError('ERR_SERVER_DATA', error.message.split('\n')[0] ?? '')
    return
  }
  if (!content.startsWith('#!'))
    throw new ServerError('ERR_SERVER_DATA', 'it begins with neither #cloud-config nor #!')
}
