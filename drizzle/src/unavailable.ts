const UNAVAILABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT', // a Unix socket that is not there
  '53300', // too many connections
  '53100', // disk full
  '53200', // out of memory
  '55P03', // a lock that did not come in time
  '57014', // a statement that took too long
  '57P01', // administrator shutdown
  '57P02', // crash shutdown
  '57P03', // cannot connect now
  '57P05', // idle session timeout
  '25P03', // idle in transaction timeout
  '25006', // read only: a primary that became a replica
]);
const MESSAGES =
  /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|timeout expired|Query read timeout|Cannot use a pool after calling end|Client was closed/;

const READ_TIMEOUT = 'Query read timeout';
/** The form of codes of Postgres and the system; wrappers such as tRPC have codes of their own. */
const CODE = /^(?:[0-9A-Z]{5}|E(?!RR_)[A-Z_]+)$/;
const DEPTH_MAX = 5;

/** The SQLSTATE or system code of a failure, however deeply it is wrapped. */
export function errorCode(error: unknown): string | undefined {
  for (const at of chainOf(error)) {
    if ('code' in at && typeof at.code === 'string' && CODE.test(at.code)) return at.code;
  }
  return undefined;
}

/** Whether a failure means that the database cannot be used now: the same call may succeed later. */
export function isUnavailable(error: unknown): boolean {
  const code = errorCode(error);
  if (code !== undefined && (UNAVAILABLE.has(code) || code.startsWith('08'))) return true;
  return chainOf(error).some(
    (at) =>
      MESSAGES.test(at.message) || (at instanceof AggregateError && at.errors.some((inner) => isUnavailable(inner))),
  );
}

/** Whether a query was abandoned without a response: its connection is still busy with it. */
export const isReadTimeout = (error: unknown): boolean =>
  chainOf(error).some(({ message }) => message === READ_TIMEOUT);

function chainOf(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let at = error; at instanceof Error && chain.length < DEPTH_MAX; at = at.cause) chain.push(at);
  return chain;
}
