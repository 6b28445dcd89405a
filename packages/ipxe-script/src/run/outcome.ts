import type { ImageType } from './network.ts'

/** An image as the machine got it when something was booted. */
export interface BootedImage {
  readonly name: string
  readonly uri: string
  readonly type: ImageType | undefined
  readonly bytes: number
  /** Its own arguments; the first of an initrd's is the path it gets inside the initial RAM disk. */
  readonly arguments: string
}

/** Where in which script; the script is named by its URI, or by its image. */
export interface Place {
  readonly script: string
  readonly line: number
}

/** How a boot ended. */
export type Outcome =
  | (Place & {
      readonly kind: 'boots'
      readonly kernel: BootedImage
      readonly commandLine: string
      /** On BIOS all other images; on EFI those that `initrd=` names, or all where iPXE hands them over itself. */
      readonly initrds: readonly BootedImage[]
      /** Names after `initrd=` that no image has: on EFI the kernel will not find them. */
      readonly missing: readonly string[]
    })
  | (Place & {
      readonly kind: 'boots disk'
      readonly drive: number
      readonly uris: readonly string[]
    })
  | { readonly kind: 'falls through'; readonly status: number }
  | (Place & { readonly kind: 'fails'; readonly status: number; readonly reason: string })
  | (Place & { readonly kind: 'hangs'; readonly reason: string })
  | (Place & { readonly kind: 'waits'; readonly what: string })
  | (Place & { readonly kind: 'reboots' | 'powers off' | 'opens the shell' })

const placeOf = ({ script, line }: Place): string =>
  `at line ${line}${script === '' ? '' : ` of ${script}`}`

const initrdsOf = (images: readonly BootedImage[]): string =>
  images.length === 0
    ? 'no initrd'
    : `initrd${images.length > 1 ? 's' : ''} ${images.map(({ uri, name }) => (uri === '' ? name : uri)).join(', ')}`

/** One sentence about how a boot ended, for people and for tests. */
export const describeOutcome = (outcome: Outcome): string => {
  switch (outcome.kind) {
    case 'boots': {
      const { kernel, commandLine, initrds, missing } = outcome
      const lacks =
        missing.length > 0 ? `, without the initrd it asks for: ${missing.join(', ')}` : ''
      const name = kernel.uri === '' ? kernel.name : kernel.uri
      return `boots ${name} with command line "${commandLine}" and ${initrdsOf(initrds)}${lacks}`
    }
    case 'boots disk':
      return `boots disk 0x${outcome.drive.toString(16)}${outcome.uris.map((uri) => ` ${uri}`).join('')}`
    case 'falls through':
      return `falls through to the firmware with status ${outcome.status}`
    case 'fails':
      return `fails ${placeOf(outcome)}: ${outcome.reason}`
    case 'hangs':
      return `hangs ${placeOf(outcome)}: ${outcome.reason}`
    case 'waits':
      return `waits ${placeOf(outcome)} for ${outcome.what}`
    default:
      return `${outcome.kind} ${placeOf(outcome)}`
  }
}

/** Leaves the interpreter from any depth: the machine runs something else now. */
export class Halt extends Error {
  override readonly name = 'Halt'
  readonly outcome: Outcome

  constructor(outcome: Outcome) {
    super(outcome.kind)
    this.outcome = outcome
  }
}
