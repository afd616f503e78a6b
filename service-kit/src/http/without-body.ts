import type { ShellContext } from './shell-env.ts';

/** Whether a request brings no body at all, so that it needs no content type. */
export function isWithoutBody({ req: { raw }, env }: ShellContext): boolean {
  const length = raw.headers.get('content-length');
  if (length !== null || raw.headers.has('transfer-encoding')) return length === '0';
  // From a socket, a body that nothing announces is none; a test's own Request announces nothing.
  return env?.incoming !== undefined || raw.body === null;
}
