/** Where this feature's routes are, below the server's URL. */
const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/')

/** An image itself, and with a slash behind it the files in it. */
export const imageUrl = (server: string, name: string): string =>
  `${server}/images/${encoded(name)}`

/** A file in an image. */
export const fileUrl = (server: string, name: string, path: string): string =>
  `${imageUrl(server, name)}/${encoded(path)}`

/** The script that boots an image as a drive. */
export const sanbootUrl = (server: string, name: string): string =>
  `${server}/sanboot/${encoded(name)}`
