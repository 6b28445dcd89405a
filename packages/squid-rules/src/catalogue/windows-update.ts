import type { Repository } from './model.ts'

const NAMES =
  'https://learn.microsoft.com/windows/deployment/update/ (file names end in their SHA-1)'

export const windowsUpdate: Repository = {
  name: 'windows-update',
  signing: 'signed',
  optional: true,
  bytes: {
    madeBy: 'Microsoft',
    changedBy: 'nobody: the name ends in the SHA-1 of the file',
    verifiedBy: 'Windows: the hash of the signed catalogue, and the signature of the file',
    source: NAMES,
  },
  mirrors: [
    '*.download.windowsupdate.com/',
    'download.windowsupdate.com/',
    '*.dl.delivery.mp.microsoft.com/',
  ],
  rules: [
    {
      id: 'update',
      class: 'hash',
      path: '<letter>/msdownload/update/<dir:path>/<name>_<hash:hex40>.<type:cab|msu|psf|exe|esd|msp>',
      key: 'sha1/<hash>/<name>.<type>',
      source: NAMES,
    },
  ],
}
