import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4_096;

/**
 * Random bytes of the system's generator, fetched a few kilobytes at a time: for a few bytes a call costs as much as for
 * thousands. Each byte is given once. A piece may be overwritten once the pool is used up, so use it at once.
 */
export function createRandomSource(): (size: number) => Uint8Array {
  const pool = Buffer.allocUnsafeSlow(POOL_BYTES);
  let at = POOL_BYTES;
  return (size) => {
    if (size > POOL_BYTES) throw new RangeError(`at most ${POOL_BYTES} random bytes at a time`);
    if (at + size > POOL_BYTES) {
      randomFillSync(pool);
      at = 0;
    }
    at += size;
    return pool.subarray(at - size, at);
  };
}
