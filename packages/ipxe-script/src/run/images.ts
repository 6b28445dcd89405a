import type { Bytes } from './bytes.ts'
import type { ImageType } from './network.ts'
import type { Uri } from './uri.ts'

/** A file that was downloaded. */
export interface Image {
  name: Bytes
  readonly uri: Uri | undefined
  readonly data: Bytes
  readonly type: ImageType | undefined
  commandLine: Bytes | undefined
  selected: boolean
  autofree: boolean
  /** Runs in its place once it has ended: `chain --replace`. */
  replacement?: Image
}

/** The images in the order they were registered. Two may have the same name; the older one is found. */
export class ImageList {
  readonly #images: Image[] = []
  #unnamed = 0

  /** A copy, so that images may be freed while one walks over it. */
  get all(): readonly Image[] {
    return [...this.#images]
  }

  find(name: Bytes): Image | undefined {
    return this.#images.find((image) => image.name === name)
  }

  get selected(): Image | undefined {
    return this.#images.find((image) => image.selected)
  }

  add(image: Image): void {
    if (image.name === '') image.name = `img${this.#unnamed++}`
    this.#images.push(image)
  }

  remove(image: Image): void {
    const at = this.#images.indexOf(image)
    if (at >= 0) this.#images.splice(at, 1)
  }

  select(image: Image): void {
    for (const other of this.#images) other.selected = false
    image.selected = true
  }
}
