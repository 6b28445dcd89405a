import type { Repository } from './model.ts'

const YANKED =
  'https://guides.rubygems.org/removing-a-published-gem/ (a version is never used again)'

export const rubygems: Repository = {
  name: 'rubygems',
  signing: 'indexed',
  optional: true,
  bytes: {
    madeBy: 'whoever publishes; a version is pushed once',
    changedBy: 'nobody: rubygems.org refuses a version twice, even a yanked one',
    verifiedBy: 'bundler: the SHA-256 of the compact index',
    source: YANKED,
  },
  mirrors: [
    'rubygems.org/',
    'gems.ruby-china.com/',
    'mirrors.tuna.tsinghua.edu.cn/rubygems',
    'mirrors.aliyun.com/rubygems',
  ],
  rules: [
    { id: 'index', class: 'mutable', path: '<file:versions|names>', source: YANKED },
    { id: 'info', class: 'mutable', path: 'info/<gem>', source: YANKED },
    { id: 'gem', class: 'versioned', path: '<dir:gems|downloads>/<file>.gem', source: YANKED },
  ],
}
