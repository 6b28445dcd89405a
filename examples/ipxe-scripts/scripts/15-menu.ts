// A menu with a submenu and an entry that only some machines show.
import { exit, recipes, script, seconds, setting, shell } from '@bootwire/ipxe-script'

const { linux, localBoot, memtest, menu } = recipes
const rescue = {
  kernel: 'http://boot.example/rescue/vmlinuz',
  initrds: ['http://boot.example/rescue/initrd'],
}

export const boot = script(
  menu(
    {
      title: 'What shall this machine boot?',
      default: 'disk',
      timeout: seconds(5),
      cancelled: exit(1),
    },
    {
      disk: { text: 'Local disk', key: 'l', lines: localBoot() },
      rescue: {
        text: 'Rescue system',
        when: setting('rescue-allowed'),
        lines: linux(rescue).orContinue(),
      },
      tools: {
        text: 'Tools …',
        heading: 'More',
        lines: menu(
          { title: 'Tools', cancelled: exit(1), into: setting('tool') },
          {
            memtest: {
              text: 'Memory test',
              lines: memtest({ uri: 'http://boot.example/memtest' }).orContinue(),
            },
            shell: { text: 'iPXE shell', lines: [shell().orIgnore()] },
          },
        ),
      },
    },
  ),
)
