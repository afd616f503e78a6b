import { Id } from '@fechatter/contract';
import { isUnavailable } from '@fechatter/drizzle';
import type { RestCall } from '@fechatter/rest';
import {
  Budget,
  BytesInFlight,
  callerGone,
  hashOfToken,
  limitedAddress,
  Refusal,
  refuse,
  type ShellApp,
  type ShellContext,
} from '@fechatter/service-kit';
import { isUtf8 } from 'node:buffer';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from '../context.ts';
import type { Deps } from '../deps.ts';
import { BodyBrokeOff } from '../file-content/store-refusal.ts';
import { contentOfPayload } from '../incoming-webhook/slack-payload.ts';
import { sendAs } from '../message/send-as.ts';
import { rawBody } from './raw-body.ts';

const BODY_MAX_BYTES = 131_072;
/** 32 slow callers of one address, and 256 altogether. */
const BODIES_MAX = { perAddress: 32 * BODY_MAX_BYTES, altogether: 256 * BODY_MAX_BYTES };
/** One message a second, of which 30 can come at once. */
const POSTS = { perMinute: 60, atOnce: 30 };
/** Of one address: secrets cannot be guessed, but each look-up costs a query. */
const LOOK_UPS_PER_MINUTE = 600;

/** Whether a request posts to an incoming webhook: its body has limits of its own. */
export const isHook = ({ req }: Pick<ShellContext, 'req'>): boolean =>
  req.method === 'POST' && /^\/hooks\/[^/]+\/[^/]+$/.test(req.path);

interface Hook {
  readonly chatId: string;
  readonly userId: string;
  readonly secretHash: Buffer;
}

/** Takes messages at `/hooks/{webhook_id}/{secret}` as Slack does, and answers in its words. */
export function mountHooks(app: ShellApp, deps: Deps, createContext: (call: RestCall) => Context): void {
  const inFlight = new BytesInFlight(BODIES_MAX);
  const lookUps = new Budget(LOOK_UPS_PER_MINUTE);
  const posts = new Budget(POSTS.perMinute, undefined, POSTS.atOnce);

  const post = async (c: ShellContext): Promise<Response> => {
    const address = c.get('clientAddress');
    const network = limitedAddress(address);
    take(lookUps, network);
    const webhookId = Id.safeParse(c.req.param('webhook_id'));
    const hook = webhookId.success ? await findHook(deps, webhookId.data) : undefined;
    const isKnown = hook !== undefined && timingSafeEqual(hook.secretHash, hashOfToken(c.req.param('secret') ?? ''));
    if (!webhookId.success || !isKnown) return said(404, 'no_service');
    lookUps.giveBack(network);
    take(posts, webhookId.data);
    inFlight.hold(address, BODY_MAX_BYTES);
    const payload = await payloadOf(c).finally(() => inFlight.free(address, BODY_MAX_BYTES));
    const read = payload === undefined ? { problem: 'invalid_payload' } : contentOfPayload(payload.json);
    if ('problem' in read) return said(400, read.problem);
    const clientId = clientIdOf(webhookId.data, c.req.header('idempotency-key'));
    const { chatId, userId } = hook;
    const ctx = createContext({
      req: c.req.raw,
      requestId: c.get('requestId'),
      clientAddress: address,
      resHeaders: new Headers(),
      signal: callerGone(c),
    });
    await sendAs(ctx, userId, { chatId, content: read.content, ...(clientId !== undefined && { clientId }) });
    return said(200, 'ok');
  };

  app.post('/hooks/:webhook_id/:secret', async (c) => {
    try {
      return await post(c);
    } catch (error) {
      return inSlacksWords(error);
    }
  });
}

function take(budget: Budget, key: string): void {
  const { overMs } = budget.take(key);
  if (overMs !== undefined) throw refuse('rate_limited', { retryAfterMs: Math.max(1, Math.ceil(overMs)) });
}

/** Only while its bot is in the chat, and its maker is active, in the workspace and, unless anybody can join it, in the chat. */
async function findHook({ db }: Deps, webhookId: string): Promise<Hook | undefined> {
  const { rows } = await db.pool.query<Hook>({
    name: 'incoming-webhook',
    text: `
      select i.chat_id as "chatId", i.user_id as "userId", i.secret_hash as "secretHash" from incoming_webhooks i
      join live_chat_members m on m.chat_id = i.chat_id and m.user_id = i.user_id
      join live_workspace_members w on w.workspace_id = i.workspace_id and w.user_id = i.user_id
      join live_workspace_members k on k.workspace_id = i.workspace_id and k.user_id = i.created_by
      join users u on u.id = i.user_id and u.status = 'Active'
      join users x on x.id = i.created_by and x.status = 'Active'
      join chats c on c.id = i.chat_id
      where i.id = $1 and (c.chat_type = 'PublicChannel' or exists (
        select from live_chat_members o where o.chat_id = i.chat_id and o.user_id = i.created_by))`,
    values: [webhookId],
  });
  return rows[0];
}

/** The JSON of a body, or of its form's field `payload`; undefined if there is none. */
async function payloadOf(c: ShellContext): Promise<{ readonly json: unknown } | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of rawBody(c)) {
    bytes += chunk.length;
    if (bytes > BODY_MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  if (!isUtf8(body)) return undefined;
  const text = body.toString().replace(/^\uFEFF/, '');
  try {
    const isForm = /^application\/x-www-form-urlencoded\b/i.test(c.req.header('content-type') ?? '');
    const json = isForm && !text.trimStart().startsWith('{') ? payloadField(text) : text;
    return { json: JSON.parse(json) as unknown };
  } catch {
    return undefined;
  }
}

/** Throws for text that is not percent-encoded UTF-8: URLSearchParams would replace it silently. */
function payloadField(form: string): string {
  const field = form.split('&').find((part) => part.startsWith('payload='));
  return decodeURIComponent((field ?? '').slice('payload='.length).replaceAll('+', ' '));
}

/** The same key is the same message; keys are any text. */
function clientIdOf(webhookId: string, key: string | undefined): string | undefined {
  if (key === undefined || key === '') return undefined;
  const own = Id.safeParse(key);
  if (own.success) return own.data;
  const hex = createHash('sha256').update(`${webhookId}\0${key}`).digest('hex');
  // Version 8: an id that its maker defines.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const said = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(text, { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers } });

function inSlacksWords(error: unknown): Response {
  if (error instanceof BodyBrokeOff) return said(400, 'invalid_payload');
  if (isUnavailable(error)) return said(503, 'service_unavailable', { 'retry-after': '1' });
  if (!(error instanceof Refusal)) throw error;
  const { reason, retryAfterMs } = error;
  const after = { 'retry-after': String(Math.ceil((retryAfterMs ?? 1_000) / 1_000)) };
  if (reason === 'rate_limited') return said(429, 'rate_limited', after);
  if (reason === 'busy' || reason === 'database_unavailable') return said(503, 'service_unavailable', after);
  if (reason === 'chat_archived') return said(400, 'channel_is_archived');
  if (reason === 'role_too_low') return said(400, 'action_prohibited');
  if (reason === 'client_id_reused') return said(400, 'invalid_payload');
  return said(404, 'no_service');
}
