const SHARDS = 1024

/** FNV-1a: spreads short texts well enough. */
const shardOf = (key: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
  return (hash ^ (hash >>> 15)) & (SHARDS - 1)
}

/** A map of texts that never grows in one large step: a `Map` of a million keys stops the process for 50 ms to grow. */
export class ShardedMap<V> {
  readonly #shards: readonly Map<string, V>[] = Array.from({ length: SHARDS }, () => new Map())
  #size = 0

  get size(): number {
    return this.#size
  }

  get(key: string): V | undefined {
    return this.#shards[shardOf(key)]!.get(key)
  }

  set(key: string, value: V): void {
    const shard = this.#shards[shardOf(key)]!
    const before = shard.size
    shard.set(key, value)
    this.#size += shard.size - before
  }

  delete(key: string): void {
    if (this.#shards[shardOf(key)]!.delete(key)) this.#size--
  }

  /**
   * The pieces that it consists of, each as it is when it is reached.
   * @yields one piece
   */
  *shards(): Generator<ReadonlyMap<string, V>> {
    yield* this.#shards
  }

  shard(number: number): ReadonlyMap<string, V> {
    return this.#shards[number & (SHARDS - 1)]!
  }

  get shardCount(): number {
    return SHARDS
  }
}
