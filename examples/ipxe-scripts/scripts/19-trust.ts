// Only signed images run. Stock builds lack these commands: the profile says that ours has them.
import {
  boot as bootImage,
  deriveProfile,
  echo,
  exit,
  goto,
  imgfree,
  imgtrust,
  imgverify,
  ipxe2Efi,
  kernel,
  label,
  scriptFor,
} from '@bootwire/ipxe-script'

const ours = deriveProfile(ipxe2Efi, { name: 'ours', add: ['imgtrust', 'imgverify'] })
const bad = label('bad')

export const boot = scriptFor(
  ours,
  imgtrust({ permanent: true }).or(goto(bad)),
  imgfree(),
  kernel({ name: 'kernel' }, 'https://boot.example/vmlinuz').or(goto(bad)),
  imgverify('kernel', 'https://boot.example/vmlinuz.sig').or(goto(bad)),
  bootImage().or(goto(bad)),
  bad,
  echo('An image is not signed by us'),
  exit(1),
)
