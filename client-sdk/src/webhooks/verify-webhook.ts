/** What a webhook of Fechatter sends. */
export interface WebhookPayload {
  /** The kind of the event, or `webhook.test`. */
  readonly type: string;
  /** When it happened, in ISO 8601. */
  readonly timestamp: string;
  /** The event as a stream shows it, with the names of REST (`chat_id`, `message`, …). */
  readonly data: Readonly<Record<string, unknown>>;
}

/** The headers of the request, in any form that servers have them in; names without regard to case. */
export type WebhookHeaders =
  | { readonly get: (name: string) => string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface WebhookRequest {
  readonly headers: WebhookHeaders;
  /** The body exactly as it was received: JSON that was parsed and written again is not the same. */
  readonly body: string | Uint8Array;
}

export interface VerifyWebhookOptions {
  /** How far the time of the request may be from now. Default: 300, five minutes. */
  readonly toleranceSeconds?: number;
  /** The current time; for tests. */
  readonly now?: () => Date;
}

/** The request is not one that the holder of the secret has sent just now. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError';
}

const TOLERANCE_SECONDS = 300;
/** Two secrets sign at most; a longer list only costs time. */
const SIGNATURES_MAX = 10;
const PREFIX = 'whsec_';

/**
 * Verifies a request as Standard Webhooks describes, and returns its content. Throws a {@link WebhookVerificationError}
 * unless one of the secrets (the one that `webhook.create` or `webhook.rotateSecret` returned) signed it at about this time.
 * The same event can come more than once: it then has the same `webhook-id` header.
 */
export async function verifyWebhook(
  secrets: string | readonly string[],
  { headers, body }: WebhookRequest,
  { toleranceSeconds = TOLERANCE_SECONDS, now = () => new Date() }: VerifyWebhookOptions = {},
): Promise<WebhookPayload> {
  const id = headerOf(headers, 'webhook-id');
  const time = headerOf(headers, 'webhook-timestamp');
  const seconds = /^\d{1,12}$/.test(time) ? Number(time) : Number.NaN;
  if (!(Math.abs(now().getTime() / 1_000 - seconds) <= toleranceSeconds))
    throw new WebhookVerificationError('webhook-timestamp is not about now');
  const content = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const signed = joined(new TextEncoder().encode(`${id}.${time}.`), content);
  const signatures = headerOf(headers, 'webhook-signature')
    .split(' ')
    .slice(0, SIGNATURES_MAX)
    .flatMap((one) => (one.startsWith('v1,') ? bytesOf(one.slice('v1,'.length)) : []));
  for (const secret of typeof secrets === 'string' ? [secrets] : secrets) {
    const key = await keyOf(secret);
    // WebCrypto compares in constant time.
    for (const signature of signatures)
      if (await crypto.subtle.verify('HMAC', key, signature, signed))
        return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content)) as WebhookPayload;
  }
  throw new WebhookVerificationError('webhook-signature is not by this secret');
}

function headerOf(headers: WebhookHeaders, name: string): string {
  const value = typeof headers.get === 'function' ? headers.get(name) : valueOf(headers, name);
  if (typeof value !== 'string' || value === '') throw new WebhookVerificationError(`${name} is missing`);
  return value;
}

function valueOf(headers: WebhookHeaders, name: string): unknown {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1] as unknown;
  return Array.isArray(found) ? found[0] : found;
}

function keyOf(secret: string): Promise<CryptoKey> {
  const [key] = bytesOf(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret);
  if (key === undefined || key.length === 0) throw new TypeError('the secret of a webhook is whsec_ and base64');
  return crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

/** None for a text that is not base64. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer>[] {
  try {
    return [Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))];
  } catch {
    return [];
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
