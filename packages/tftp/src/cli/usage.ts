/** What `--help` prints. */
export const USAGE = `bootwire-tftp: TFTP client, server and conformance checks

  bootwire-tftp get URL [FILE]           read a file (FILE: - for stdout; default: the name in the URL)
  bootwire-tftp put FILE URL             write a file
  bootwire-tftp serve [DIR]              serve a folder, read-only (default: the current one)
  bootwire-tftp conformance HOST [PORT]  check a server from outside

get, put
  --block-size BYTES    default 1468 (IPv4), 1448 (IPv6)
  --window BLOCKS       default 16
  --timeout SECONDS     ask the server to resend after this time
  --retries COUNT       default 6
  --quiet               no progress bar

serve
  --port PORT           default 69; 0 takes any
  --host ADDRESS        may be given more than once; default: every address of this machine
  --single-port         answer from the listening port (containers, NAT)
  --ports FROM-TO       answer from one of these ports
  --mtu BYTES           default 1500
  --ignore-case         upper and lower case are equal
  --write WHAT          create, overwrite, or create,overwrite
  --json                one record per line on stdout

conformance
  --file NAME           a file on the server of at least 100 blocks of 512 bytes (default: conformance.bin)
  --only IDS            comma-separated
  --json                findings as JSON

  --help, --version

Exit codes: 0 done, 1 failed, 2 wrong usage. A URL is tftp://HOST[:PORT]/FILE[;mode=netascii].
`
