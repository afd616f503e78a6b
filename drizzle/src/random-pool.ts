import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 8_192;
let pool = Buffer.alloc(0);
let drawn = 0;

/**
 * Returns this many random bytes (at most 8,192), each used only once. Reading many from the system at once is ten
 * times as fast.
 */
export function drawRandom(bytes: number): Buffer {
  if (drawn + bytes > pool.length) {
    pool = randomFillSync(Buffer.allocUnsafeSlow(POOL_BYTES));
    drawn = 0;
  }
  drawn += bytes;
  return pool.subarray(drawn - bytes, drawn);
}
