import type { ShellContext } from './shell-env.ts';

/** Whether a request has no body, so that it needs no content type. */
export function isWithoutBody({ req: { raw }, env }: ShellContext): boolean {
  const length = raw.headers.get('content-length');
  if (length !== null || raw.headers.has('transfer-encoding')) return length === '0';
  // From a socket, a request that announces no body has none; a test's own Request announces nothing.
  return env?.incoming !== undefined || raw.body === null;
}
