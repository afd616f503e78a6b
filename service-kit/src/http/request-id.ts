import { randomUUID } from 'node:crypto';

const sane = /^[A-Za-z0-9_.:-]{8,64}$/;

/** The caller's `x-request-id` where it is harmless in a log and a header, else a new one. */
export function requestIdFrom(header: string | undefined): string {
  return header !== undefined && sane.test(header) ? header : randomUUID();
}
