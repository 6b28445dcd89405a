import type { Repository } from './model.ts'
import { MOVING_PACKAGES, signedRpms, YUM_INDEX } from './yum.ts'

const LAYOUT = 'https://repo.zabbix.com/ (directory listing)'

/** Packages that hold a version; the release package `zabbix-release-latest` does not. */
export const zabbix: Repository = {
  name: 'zabbix',
  signing: 'signed',
  optional: true,
  bytes: signedRpms(
    'Zabbix',
    'https://www.zabbix.com/documentation/current/en/manual/installation/install_from_packages',
  ),
  mirrors: [
    'repo.zabbix.com/',
    'mirrors.aliyun.com/zabbix',
    'mirrors.tuna.tsinghua.edu.cn/zabbix',
    'mirrors.huaweicloud.com/zabbix',
    'cdn.zabbix.com/zabbix',
  ],
  knownAs: ['zabbix'],
  mutableWords: [...MOVING_PACKAGES, '+latest'],
  rules: [
    ...YUM_INDEX,
    {
      id: 'rpm',
      class: 'versioned',
      path: 'zabbix/<series:version>/<family:rhel|centos|sles|alma|rocky|oracle|amazonlinux>/<release:version>/<arch>/<file>.rpm',
      source: LAYOUT,
    },
    {
      id: 'deb',
      class: 'versioned',
      path: 'zabbix/<series:version>/<family:debian|ubuntu|raspbian>/pool/main/<dir:path>/<file>.deb',
      source: LAYOUT,
    },
  ],
}
