import type { Repository } from './model.ts'

const NARINFO = 'https://nix.dev/manual/nix/latest/protocols/nix-cache-info (narinfo, FileHash)'

/** What the public cache of Nixpkgs holds: an archive is named by the hash of its own bytes. */
export const nix: Repository = {
  name: 'nix',
  signing: 'signed',
  bytes: {
    madeBy: 'the builders of Nixpkgs (Hydra)',
    changedBy: 'nobody: the name is the hash of the compressed file, whoever copies it',
    verifiedBy: 'nix: the NarHash that the narinfo signs, after it has unpacked the file',
    source: NARINFO,
  },
  mirrors: [
    'cache.nixos.org/',
    'mirrors.tuna.tsinghua.edu.cn/nix-channels/store',
    'mirrors.ustc.edu.cn/nix-channels/store',
    'mirror.sjtu.edu.cn/nix-channels/store',
    'mirror.nju.edu.cn/nix-channels/store',
    'mirrors.bfsu.edu.cn/nix-channels/store',
  ],
  rules: [
    { id: 'narinfo', class: 'mutable', path: '<hash>.narinfo', source: NARINFO },
    {
      id: 'archive',
      class: 'hash',
      path: 'nar/<hash>.nar<type:.xz|.zst|.bz2>',
      source: NARINFO,
    },
  ],
}
