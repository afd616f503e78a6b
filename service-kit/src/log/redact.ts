import { describeError } from './describe-error.ts';
import { redactText } from './redact-text.ts';

const HIDDEN = '[redacted]';
const DEPTH_MAX = 6;
const ENTRIES_MAX = 100;

/** The endings of names whose values must not be logged at any depth; compared without regard to case, `_` and `-`. */
const secretName =
  /(?:authorization|cookie|password|token|ticket|secret|signingkeys|connectionparams|challenge|recoverycodes?)$/;
/** A quick check: most names match none of them, and short ones cannot. */
const maybeSecret = /auth|cook|pass|tok|tick|secr|sign|conn|chall|recov/i;

function isSecret(name: string): boolean {
  return maybeSecret.test(name) && secretName.test(name.replace(/[_-]/g, '').toLowerCase());
}

function redact(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (value instanceof Error) return describeError(value);
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  if (depth >= DEPTH_MAX) return '[deeper]';
  if (Array.isArray(value)) return value.slice(0, ENTRIES_MAX).map((entry: unknown) => redact(entry, depth + 1));
  return redactFields(value as Readonly<Record<string, unknown>>, depth + 1);
}

/** The fields of a log line for writing: without secrets, with errors described, and bounded in size. */
export function redactFields(fields: Readonly<Record<string, unknown>>, depth = 0): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const name of Object.keys(fields).slice(0, ENTRIES_MAX))
    clean[name] = isSecret(name) ? HIDDEN : redact(fields[name], depth);
  return clean;
}
