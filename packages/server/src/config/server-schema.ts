import { z } from 'zod'

import { SCOPES } from '../model/scopes.ts'
import { name, text } from '../profiles/fields.ts'

const port = (description: string) => z.int().min(0).max(65535).describe(description)

const token = z
  .strictObject({
    file: text('file that holds it').optional(),
    env: text('environment variable that holds it').optional(),
    scopes: z
      .array(z.enum(SCOPES))
      .min(1)
      .describe('what it is good for: looking, ordering, metrics'),
  })
  .refine(
    ({ file, env }) => (file === undefined) !== (env === undefined),
    'must have either `file` or `env`',
  )

const admin = z
  .strictObject({
    listen: z
      .string({ error: 'must be an address and a port such as "10.0.0.5:8081"' })
      .regex(
        /^\d{1,3}(\.\d{1,3}){3}:\d{1,5}$/,
        'must be an address and a port such as "10.0.0.5:8081"',
      )
      .optional(),
    tokens: z
      .record(name, token)
      .optional()
      .describe('who may use it over TCP, by name: `Authorization: Bearer …`'),
    hosts: z
      .array(z.string().regex(/^[A-Za-z0-9.-]{1,253}$/, 'must be a host name'))
      .max(64)
      .optional()
      .describe('names beside the address by which it is asked; others are refused'),
  })
  .describe(
    'status, explanations and orders over TCP; on this host they are at a socket in the data folder',
  )

/** The key `server`. */
export const server = z
  .strictObject({
    interface: text('network interface to serve; needed where the host has several').optional(),
    address: z
      .ipv4('must be an IPv4 address of this host')
      .optional()
      .describe('address that machines are told'),
    interfaces: z
      .array(text('name of a network interface'))
      .min(1)
      .max(64)
      .refine((names) => new Set(names).size === names.length, 'must name each interface once')
      .optional()
      .describe(
        'network interfaces to serve, VLANs too, instead of `interface` and `address`: each at the address that it has, which is followed; one that has none yet is waited for',
      ),
    data: text('folder for state and unpacked iPXE binaries').optional(),
    state: z
      .strictObject({
        etcd: z.strictObject({
          endpoints: z
            .array(
              z.string().regex(/^https?:\/\/[^/]+$/, 'must be a URL such as http://10.0.0.1:2379'),
            )
            .min(1)
            .max(16)
            .describe('URLs of its members, each tried in turn'),
          prefix: z
            .string()
            .regex(/^[A-Za-z0-9][A-Za-z0-9/_.-]{0,62}$/, 'must be a name such as `bootwire`')
            .optional()
            .describe('everything is kept below it; default: `bootwire`'),
          tls: z
            .strictObject({
              ca: text('PEM file of who signs its certificates').optional(),
              cert: text('PEM file of the certificate of this server').optional(),
              key: text('PEM file of the key of that certificate').optional(),
            })
            .optional(),
        }),
      })
      .optional()
      .describe('where machine records are kept, for several servers; default: in `data`'),
    allowReinstall: z
      .int()
      .min(0)
      .max(1_000_000)
      .optional()
      .describe(
        'most installed machines that a changed `once: { id }` may install again; a change that would install more is refused. Default: 0',
      ),
    dhcp: z
      .strictObject({
        enabled: z
          .boolean()
          .optional()
          .describe('false: no ProxyDHCP, your DHCP server names the boot file'),
        port: port('UDP port; firmware asks on 67').optional(),
        bootServerPort: port('UDP port of the boot server stage; firmware asks on 4011').optional(),
        shared: z
          .union([z.boolean(), z.literal('auto')], { error: 'must be true, false or auto' })
          .optional()
          .describe(
            'whether a DHCP server on this host keeps what is sent to port 67 of its address alone, so that broadcasts only are heard. Default: auto, where one is found',
          ),
      })
      .optional(),
    tftp: z.strictObject({ port: port('UDP port; firmware asks on 69').optional() }).optional(),
    http: z
      .strictObject({
        port: port('TCP port').optional(),
        url: z
          .string()
          .regex(
            /^https?:\/\/[^/?#\s]+(\/[^?#\s]*)?$/,
            'must be a URL such as https://boot.example',
          )
          .optional()
          .describe(
            'URL by which machines reach this server, where that is not its address and port: a reverse proxy, NAT, a virtual address',
          ),
        trustedProxies: z
          .array(z.string())
          .max(64)
          .optional()
          .describe('networks of reverse proxies, whose X-Forwarded-For says who asks'),
      })
      .optional(),
    admin: admin.optional(),
  })
  .describe('where and how the daemon serves; a change needs a restart')
