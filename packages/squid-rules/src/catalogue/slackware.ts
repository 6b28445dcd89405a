import type { Repository } from './model.ts'

const LAYOUT = 'https://mirrors.slackware.com/ (directory listing)'

export const slackware: Repository = {
  name: 'slackware',
  signing: 'signed',
  optional: true,
  bytes: {
    madeBy: 'Slackware, once a release; fixes are in patches/ with a new build number',
    changedBy: 'nobody after the release; -current is another tree',
    verifiedBy: 'slackpkg: CHECKSUMS.md5 and a signature beside each file',
    source: LAYOUT,
  },
  mirrors: [
    'mirrors.slackware.com/slackware',
    'ftp.slackware.com/pub/slackware',
    'slackware.osuosl.org/',
  ],
  knownAs: ['slackware'],
  rules: [
    {
      id: 'package',
      class: 'versioned',
      path: 'slackware64-<release:version>/<dir:path>/<file>.<type:txz|tgz|tlz|tbz>',
      source: LAYOUT,
    },
    {
      id: 'package-32',
      class: 'versioned',
      path: 'slackware-<release:version>/<dir:path>/<file>.<type:txz|tgz|tlz|tbz>',
      source: LAYOUT,
    },
  ],
}
