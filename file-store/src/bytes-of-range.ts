import type { ByteRange } from './store.ts';

/**
 * The range that a `Range` header asks for, of content of `sizeBytes` bytes. Undefined: all of it, because there is no
 * header, or a header that must be ignored (another unit, several ranges, bad syntax). `unsatisfiable`: the content has no
 * byte of it (416).
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
