import { redactText } from './redact-text.ts';

/** An error as a log shows it. */
export interface DescribedError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: DescribedError;
  readonly [detail: string]: unknown;
}

const DEPTH_MAX = 6;
const TEXT_MAX_CHARS = 8_000;
/**
 * Properties that name our own things; those that quote users (a driver's `detail`, `params`, `where`) are left out.
 */
const details = ['code', 'reason', 'errno', 'syscall', 'address', 'port', 'severity', 'schema', 'table', 'column', 'constraint', 'routine']; // biome-ignore format: a list

/** Drizzle appends a failed query's parameters, which quote users, after this. */
const parameters = /\nparams: [^]*$/;

function clean(text: string): string {
  return redactText(text.replace(parameters, '')).slice(0, TEXT_MAX_CHARS);
}

function framesOf({ stack = '', message }: Error): string {
  const start = stack.indexOf(message);
  const below = start < 0 ? stack : stack.slice(start + message.length);
  return below.split('\n').filter((line) => /^\s+at /.test(line)).join('\n').slice(0, TEXT_MAX_CHARS); // biome-ignore format: one line
}

/** An error for the log: its stack and causes, without what users wrote and without tokens. */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: clean(String(error)) };
  const message = clean(error.message);
  const facts = details.filter((name) => name in error).map((name) => [name, error[name as keyof Error]] as const);
  return {
    type: error.name,
    message,
    stack: `${error.name}: ${message}\n${framesOf(error)}`,
    ...Object.fromEntries(facts.filter(([, value]) => ['string', 'number'].includes(typeof value))),
    ...(error.cause !== undefined && depth < DEPTH_MAX && { cause: describeError(error.cause, depth + 1) }),
  };
}
