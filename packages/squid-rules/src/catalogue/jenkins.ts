import type { Repository } from './model.ts'

const LAYOUT = 'https://pkg.jenkins.io/ and https://get.jenkins.io/ (directory listing)'

export const jenkins: Repository = {
  name: 'jenkins',
  signing: 'signed',
  optional: true,
  bytes: {
    madeBy: "Jenkins' release builders",
    changedBy: 'nobody after the release: a fix is a new version',
    verifiedBy: 'apt, dnf: signed indexes and files; a SHA-256 beside each war file',
    source: 'https://www.jenkins.io/download/verify/',
  },
  mirrors: [
    'pkg.jenkins.io/',
    'get.jenkins.io/',
    'mirrors.jenkins.io/',
    'ftp-chi.osuosl.org/pub/jenkins',
    'ftp-nyc.osuosl.org/pub/jenkins',
    'mirrors.tuna.tsinghua.edu.cn/jenkins',
  ],
  knownAs: ['jenkins'],
  rules: [
    {
      id: 'deb',
      class: 'versioned',
      path: '<channel:debian|debian-stable>/binary/jenkins_<file>.deb',
      source: LAYOUT,
    },
    {
      id: 'deb-mirror',
      class: 'versioned',
      path: '<channel:debian|debian-stable>/jenkins_<file>.deb',
      key: '<channel>/binary/jenkins_<file>.deb',
      sameAs: 'deb',
      source: LAYOUT,
    },
    {
      id: 'rpm',
      class: 'versioned',
      path: '<channel:redhat|redhat-stable>/jenkins-<file>.rpm',
      source: LAYOUT,
    },
    {
      id: 'war',
      class: 'versioned',
      path: '<channel:war|war-stable>/<release:version>/jenkins.war',
      source: LAYOUT,
    },
    {
      id: 'plugin',
      class: 'versioned',
      path: 'plugins/<name>/<version>/<file>.hpi',
      source: LAYOUT,
    },
    { id: 'latest', class: 'mutable', path: 'plugins/<name>/latest/<file>', source: LAYOUT },
  ],
}
