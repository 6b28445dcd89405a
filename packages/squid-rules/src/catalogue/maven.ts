import type { Repository } from './model.ts'

const IMMUTABLE =
  'https://central.sonatype.org/faq/can-i-change-a-component/ (never after its release)'

/** Maven Central and its full copies; what joins several repositories under one name is no copy. */
export const maven: Repository = {
  name: 'maven-central',
  signing: 'indexed',
  optional: true,
  bytes: {
    madeBy: 'whoever publishes; a version is published once',
    changedBy: 'nobody: Central does not take a component back or replace it',
    verifiedBy: 'Maven and Gradle: the checksum beside the file; a lock file where there is one',
    source: IMMUTABLE,
  },
  mirrors: [
    'repo1.maven.org/maven2',
    'repo.maven.apache.org/maven2',
    'maven-central.storage-download.googleapis.com/maven2',
    'maven-central.storage.googleapis.com/maven2',
    'maven-central-eu.storage-download.googleapis.com/maven2',
    'maven-central-asia.storage-download.googleapis.com/maven2',
    'maven.aliyun.com/repository/central',
  ],
  mutableWords: ['-SNAPSHOT'],
  rules: [
    {
      id: 'metadata',
      class: 'mutable',
      path: '<dir:path>/maven-metadata.<type>',
      source: IMMUTABLE,
    },
    {
      id: 'artifact',
      class: 'versioned',
      path: '<dir:path>/<file>.<type:jar|pom|aar|war|zip|tar.gz|module|klib>',
      source: IMMUTABLE,
    },
  ],
}
