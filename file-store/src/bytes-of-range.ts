import type { ByteRange } from './store.ts';

/**
 * The range that a `Range` header asks for, of something of `sizeBytes` bytes. Undefined: the whole, because there is no
 * header, or one that is to be ignored (another unit, several ranges, bad syntax). `unsatisfiable`: no byte of it is
 * there (416).
 */
export function bytesOfRange(header: string | undefined, sizeBytes: number): ByteRange | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const start = Math.max(0, sizeBytes - Number(last));
    return start < sizeBytes ? { start, end: sizeBytes } : 'unsatisfiable';
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return undefined;
  if (start >= sizeBytes) return 'unsatisfiable';
  return { start, end: last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes) };
}
