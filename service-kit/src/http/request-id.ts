import { randomUUID } from 'node:crypto';

const sane = /^[A-Za-z0-9_.:-]{8,64}$/;

/** The caller's `x-request-id` if it is safe in a log and a header, otherwise a new one. */
export function requestIdFrom(header: string | undefined): string {
  return header !== undefined && sane.test(header) ? header : randomUUID();
}
