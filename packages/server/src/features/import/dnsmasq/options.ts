/** What an option of dnsmasq is about, and what becomes of it here. */
export type OptionTopic = 'boot' | 'include' | 'dns' | 'dhcp' | 'tftp' | 'process'

/** One option of dnsmasq's command line and file. */
export interface OptionRow {
  readonly name: string
  readonly short?: string
  readonly argument: 'none' | 'optional' | 'required'
  readonly topic: OptionTopic
}

/** Names as dnsmasq 2.90's option.c has them: `=` wants a value, `?` may have one, `:x` is the short form. */
const NAMES: Readonly<Record<OptionTopic, string>> = {
  boot: `dhcp-range=:F dhcp-host=:G dhcp-boot=:M dhcp-vendorclass=:U dhcp-userclass=:j dhcp-ignore=:J dhcp-mac=:4
    dhcp-match= dhcp-circuitid= dhcp-remoteid= dhcp-subscrid= dhcp-name-match= dhcp-pxe-vendor= tag-if= pxe-prompt=
    pxe-service= enable-tftp? tftp-root= interface=:i listen-address=:a port=:p`,
  include: `conf-file?:C conf-dir=:7 conf-script= dhcp-hostsfile= dhcp-hostsdir= dhcp-optsfile= dhcp-optsdir=`,
  dns: `no-hosts:h no-poll:n log-queries?:q resolv-file?:r servers-file= mx-host=:m mx-target=:t cache-size?:c
    domain=:s domain-suffix=:s local-service? bogus-priv:b bogus-nxdomain=:B ignore-address= selfmx:e filterwin2k:f
    filter-rr= filter-A filter-AAAA strict-order:o server=:S rev-server= local= address=:A no-resolv:R expand-hosts:E
    localmx:L local-ttl=:T no-negcache:N no-round-robin no-0x20-encode do-0x20-encode cache-rr= addn-hosts=:H hostsdir=
    query-port=:Q domain-needed:D alias=:V edns-packet-max=:P srv-host=:W localise-queries:y txt-record=:Y dns-rr=
    dns-forward-max=:0 clear-on-reload ptr-record= naptr-record= interface-name= stop-dns-rebind rebind-localhost-ok
    rebind-domain-ok= all-servers neg-ttl= max-ttl= min-cache-ttl= max-cache-ttl= use-stale-cache? min-port= max-port=
    cname= caa-record= add-mac? strip-mac add-subnet? strip-subnet add-cpe-id= proxy-dnssec conntrack host-record= auth-zone=
    auth-server= auth-ttl= auth-soa= auth-sec-servers= auth-peer= ipset= nftset= connmark-allowlist-enable?
    connmark-allowlist= synth-domain= dnssec trust-anchor= dnssec-debug dnssec-check-unsigned? dnssec-no-timecheck
    dnssec-timestamp= dnssec-limits= dns-loop-detect dynamic-host= umbrella? fast-dns-retry? no-ident port-limit=`,
  dhcp: `dhcp-leasefile?:l dhcp-lease=:l dhcp-option=:O dhcp-option-force= dhcp-option-pxe= dhcp-lease-max=:X
    read-ethers:Z dhcp-authoritative:K bootp-dynamic?:3 no-ping:5 dhcp-script=:6 leasefile-ro:9 dhcp-ignore-names?
    dhcp-ignore-clid shared-network= log-dhcp dhcp-no-override dhcp-broadcast? dhcp-alternate-port? dhcp-scriptuser=
    dhcp-fqdn dhcp-proxy? dhcp-generate-names? dhcp-client-update bridge-interface= dhcp-sequential-ip dhcp-luascript= enable-ra dhcp-duid=
    dhcp-ttl= dhcp-relay= dhcp-split-relay= ra-param= quiet-dhcp quiet-dhcp6 quiet-ra script-arp dhcp-reply-delay=
    dhcp-rapid-commit script-on-renewal leasequery?`,
  tftp: `tftp-secure tftp-no-fail tftp-unique-root? tftp-max= tftp-mtu= tftp-lowercase tftp-single-port tftp-no-blocksize
    tftp-port-range= quiet-tftp`,
  process: `version:v help:w no-daemon:d user?:u group?:g pid-file?:x keep-in-foreground:k except-interface=:I
    no-dhcp-interface=:2 no-dhcpv4-interface= no-dhcpv6-interface= bind-interfaces:z bind-dynamic enable-dbus?:1
    enable-ubus? log-facility=:8 log-async? log-debug log-malloc test dumpfile= dumpmask= max-tcp-connections=`,
}

const ARGUMENTS = { '': 'none', '?': 'optional', '=': 'required' } as const

const isMark = (mark: string): mark is keyof typeof ARGUMENTS => Object.hasOwn(ARGUMENTS, mark)

const rowOf = (word: string, topic: OptionTopic): OptionRow => {
  const [, name = '', mark = '', short] = /^([\w-]+)([=?]?)(?::(.))?$/.exec(word) ?? []
  const argument = isMark(mark) ? ARGUMENTS[mark] : 'none'
  return { name, argument, topic, ...(short !== undefined && { short }) }
}

const isTopic = (topic: string): topic is OptionTopic => Object.hasOwn(NAMES, topic)

/** Every option of dnsmasq. */
const OPTIONS: readonly OptionRow[] = Object.entries(NAMES).flatMap(([topic, words]) =>
  isTopic(topic) ? words.split(/\s+/).map((word) => rowOf(word, topic)) : [],
)

/** By its whole name. */
export const optionNamed = (name: string): OptionRow | undefined =>
  OPTIONS.find((row) => row.name === name)

/** As getopt_long does: by its whole name, or by the beginning of one only. */
export const optionAbbreviated = (name: string): OptionRow | undefined => {
  const begun = OPTIONS.filter((row) => row.name.startsWith(name))
  return optionNamed(name) ?? (begun.length === 1 ? begun[0] : undefined)
}

/** By its letter. */
export const optionLettered = (letter: string): OptionRow | undefined =>
  OPTIONS.find(({ short }) => short === letter)
