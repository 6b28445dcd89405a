/** Images: download, select, check, run. See `./spec.ts` for the fields. */
export const imageCommands = {
  imgfetch: {
    summary: 'Downloads a file and keeps it as an image with arguments',
    args: ['uri', 'text*'],
    options: {
      name: { short: 'n', value: 'string' },
      timeout: { short: 't', value: 'ms' },
      autofree: { short: 'a', value: 'flag' },
      quiet: { short: 'q', value: 'flag', on: 'be' },
    },
  },
  module: {
    like: 'imgfetch',
    summary: 'Same as imgfetch',
  },
  initrd: {
    like: 'imgfetch',
    summary: 'Same as imgfetch: downloads a file that goes to the kernel',
  },
  kernel: {
    summary: 'Downloads or finds an image, selects it for boot and sets its arguments',
    args: ['image', 'text*'],
    options: {
      name: { short: 'n', value: 'string' },
      timeout: { short: 't', value: 'ms' },
      autofree: { short: 'a', value: 'flag' },
      quiet: { short: 'q', value: 'flag', on: 'be' },
    },
  },
  imgselect: {
    like: 'kernel',
    summary: 'Same as kernel',
  },
  imgload: {
    like: 'kernel',
    summary: 'Same as kernel',
  },
  chain: {
    summary: 'Downloads or finds an image and runs it; runs the selected one when none is named',
    args: ['image?', 'text*'],
    options: {
      name: { short: 'n', value: 'string' },
      timeout: { short: 't', value: 'ms' },
      autofree: { short: 'a', value: 'flag' },
      quiet: { short: 'q', value: 'flag', on: 'be' },
      replace: { short: 'r', value: 'flag' },
    },
  },
  imgexec: {
    like: 'chain',
    summary: 'Same as chain',
  },
  boot: {
    like: 'chain',
    summary: 'Same as chain; with no image at all it prints a message and succeeds',
  },
  imgargs: {
    summary: 'Replaces the arguments of an image; a name that is not loaded is downloaded',
    args: ['image', 'text*'],
    options: {
      name: { short: 'n', value: 'string' },
      timeout: { short: 't', value: 'ms' },
      autofree: { short: 'a', value: 'flag' },
      quiet: { short: 'q', value: 'flag', on: 'be' },
    },
  },
  imgstat: {
    summary: 'Lists the images, or those named',
    args: ['name*'],
    fails: 'with arguments',
  },
  imgfree: {
    summary: 'Discards all images, or those named',
    args: ['name*'],
    fails: 'with arguments',
  },
  imgextract: {
    summary: 'Unpacks a compressed image',
    args: ['image'],
    options: {
      name: { short: 'n', value: 'string' },
      keep: { short: 'k', value: 'flag' },
      timeout: { short: 't', value: 'ms' },
      quiet: { short: 'q', value: 'flag', on: 'be' },
    },
    on: 'BES',
  },
  imgset: {
    summary: 'Stores the content of a file in a setting',
    args: ['setting', 'image'],
    options: {
      keep: { short: 'k', value: 'flag' },
      timeout: { short: 't', value: 'ms' },
      quiet: { short: 'q', value: 'flag', on: 'be' },
    },
    on: 'be',
  },
  imgmem: {
    summary: 'Makes an image of a range of memory: address, length',
    args: ['int', 'int'],
    options: {
      name: { short: 'n', value: 'string' },
    },
    on: '',
  },
  imgdecrypt: {
    summary: 'Decrypts an image with an envelope',
    args: ['image', 'image'],
    options: {
      name: { short: 'n', value: 'string' },
      keep: { short: 'k', value: 'flag' },
      timeout: { short: 't', value: 'ms' },
      quiet: { short: 'q', value: 'flag', on: 'be' },
    },
    on: '',
  },
  imgtrust: {
    summary: 'Requires every image to be trusted before it runs',
    args: [],
    options: {
      allow: { short: 'a', value: 'flag' },
      permanent: { short: 'p', value: 'flag' },
    },
    on: '',
  },
  imgverify: {
    summary: 'Checks the signature of an image and marks it trusted',
    args: ['image', 'image'],
    options: {
      signer: { short: 's', value: 'string' },
      keep: { short: 'k', value: 'flag' },
      timeout: { short: 't', value: 'ms' },
      quiet: { short: 'q', value: 'flag', on: 'be' },
    },
    on: '',
  },
  shim: {
    summary: 'Sets the shim for Secure Boot; does nothing on BIOS',
    args: ['image?'],
    options: {
      timeout: { short: 't', value: 'ms' },
      'require-loader': { short: 'l', value: 'flag' },
      'allow-pxe': { short: 'p', value: 'flag' },
      'allow-sbat': { short: 's', value: 'flag' },
      quiet: { short: 'q', value: 'flag', on: 'be' },
    },
    on: 'BES',
  },
  fdt: {
    summary: 'Sets the device tree (not on x86)',
    args: ['image?'],
    options: {
      timeout: { short: 't', value: 'ms' },
      quiet: { short: 'q', value: 'flag', on: 'be' },
    },
    on: '',
  },
  md5sum: {
    summary: 'Prints the MD5 digest of images',
    args: ['image', 'image*'],
    options: {
      set: { short: 's', value: 'setting', on: 'ES' },
    },
    on: 'ES',
  },
  sha1sum: {
    like: 'md5sum',
    summary: 'Prints the SHA-1 digest of images',
  },
  sha224sum: {
    like: 'md5sum',
    summary: 'Prints the SHA-224 digest of images',
  },
  sha256sum: {
    like: 'md5sum',
    summary: 'Prints the SHA-256 digest of images',
  },
  sha384sum: {
    like: 'md5sum',
    summary: 'Prints the SHA-384 digest of images',
  },
  sha512sum: {
    like: 'md5sum',
    summary: 'Prints the SHA-512 digest of images',
  },
  md4sum: {
    summary: 'Prints the MD4 digest of images',
    args: ['image', 'image*'],
    options: {
      set: { short: 's', value: 'setting' },
    },
    on: '',
  },
} as const
