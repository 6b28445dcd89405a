/** Words of a line of text that iPXE prints: what it would expand or run is taken out. */
const said = (text: string): string =>
  text.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/[${}|&;#]/g, ' ')

const script = (lines: readonly string[]): string => `#!ipxe\n${lines.join('\n')}\n`

const LOCAL = ['iseq ${platform} pcbios && sanboot --no-describe --drive 0x80 ||', 'exit']

export const FACT_PARAMETERS: readonly (readonly [string, string])[] = [
  ['mac', '${netX/mac}'],
  ['uuid', '${uuid}'],
  ['serial', '${serial:uristring}'],
  ['asset', '${asset:uristring}'],
  ['product', '${product:uristring}'],
  ['manufacturer', '${manufacturer:uristring}'],
  ['hostname', '${hostname:uristring}'],
  ['buildarch', '${buildarch:uristring}'],
  ['platform', '${platform:uristring}'],
]

export const factsScript = (base: string, mac: string | undefined, labels: string): string => {
  const parameters = FACT_PARAMETERS.map(
    ([name, value]) => `${name}=${name === 'mac' && mac ? mac : value}`,
  )
  return script([`chain --replace ${base}/script?${parameters.join('&')}${labels}&final=1`])
}

export const localScript = (): string => script(LOCAL)

export const sayAndGoOn = (
  lines: readonly string[],
  waitSeconds: number,
  next: readonly string[],
): string =>
  script([
    ...lines.map((line) => `echo ${said(line)}`),
    ...(waitSeconds > 0 ? [`sleep ${waitSeconds} ||`] : []),
    ...next,
  ])

export const localLines: readonly string[] = LOCAL
export const chainLines = (url: string): string[] => [`chain --replace ${url}`]

export const linuxScript = (
  kernel: string,
  initrd: readonly string[],
  args: readonly string[],
): string =>
  script([
    `kernel ${[kernel, ...initrd.map((_, i) => `initrd=initrd${i}`), ...args].join(' ')}`,
    ...initrd.map((file, i) => `initrd --name initrd${i} ${file}`),
    'boot',
  ])

export const chainScript = (url: string): string => script(chainLines(url))
