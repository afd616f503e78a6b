import { createHash } from 'node:crypto';

// Computes what the functions audit_digest() and audit_seal() compute, independently of them, so that someone who
// changes the functions is noticed.

const sha256 = (...parts: readonly (Buffer | string)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const bytesOfId = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');
const bytesOfNumber = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
};

/** A line of the audit log without its address, as SQL returns it. */
export interface SealedLine {
  readonly scope_id: string;
  readonly id: string;
  readonly action: string;
  readonly actor_id: string | null;
  readonly user_id: string | null;
  readonly details: string;
  readonly request_id: string | null;
  readonly created_ms: string;
}

export const digestOfLine = (line: SealedLine): Buffer =>
  sha256(
    [
      line.scope_id,
      line.id,
      line.action,
      line.actor_id ?? '-',
      line.user_id ?? '-',
      line.details,
      line.request_id ?? '-',
      line.created_ms,
    ].join('\n'),
  );

/** The hash of a list of lines: of their scopes, ids and digests, in order. */
export const contentOf = (scopeIds: readonly string[], ids: readonly string[], digests: readonly Buffer[]): Buffer =>
  sha256(...ids.flatMap((id, at) => [bytesOfId(scopeIds[at] ?? ''), bytesOfId(id), digests[at] ?? '']));

/** The hash of a seal, from the previous one; the first has none. */
export const hashOfSeal = (
  before: Buffer | undefined,
  seal: { readonly n: number; readonly lines: number; readonly newestMs: number; readonly content: Buffer },
): Buffer =>
  sha256(before ?? '', bytesOfNumber(seal.n), bytesOfNumber(seal.lines), bytesOfNumber(seal.newestMs), seal.content);
