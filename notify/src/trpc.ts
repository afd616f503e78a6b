import type { Permission } from '@fechatter/contract';
import { isUnavailable, type PushCipher, type Queryable } from '@fechatter/drizzle';
import {
  type BatchTurns,
  bearerOf,
  type Budget,
  type Metrics,
  mustFollow,
  mustHaveScope,
  observeCall,
  type OpenApiMeta,
  principalOf,
  refuse,
  type TokenVerifier,
  trpcOptions,
} from '@fechatter/service-kit';
import { getTRPCErrorFromUnknown, initTRPC } from '@trpc/server';
import type { StreamRequest } from './attach/attach.ts';
import type { BatchedReads } from './attach/batched-reads.ts';
import type { StoredSession } from './attach/stored-access.ts';
import type { InstancePresence } from './presence/instance-presence.ts';
import type { Transport } from './transport/transport.ts';
import type { WriteTurn } from './transport/write-turn.ts';
import type { SseClientOptions } from './wire/trpc-envelope.ts';

/** The context of every procedure. */
export interface Context {
  readonly requestId: string;
  readonly authorization: string | undefined;
  /** The caller's IP address. */
  readonly address: string;
  /** Response headers, for example `RateLimit-*`; a stream sets none. */
  readonly responseHeaders: Headers;
  /** The turns of a large batch's calls. */
  readonly batch?: BatchTurns | undefined;
  readonly metrics: Metrics;
  readonly verifier: TokenVerifier;
  readonly db: Queryable;
  /** Current sessions in the database, by id. */
  readonly sessions: Pick<BatchedReads<StoredSession>, 'read'>;
  readonly presence: Pick<InstancePresence, 'id' | 'ownStream' | 'hintWatched'>;
  /** Each person's budgets in this process. */
  readonly budgets: Readonly<Record<'read' | 'write' | 'signal', Budget>>;
  readonly pushCipher: PushCipher;
  readonly attach: (request: StreamRequest, transport: Transport) => Promise<void>;
  /** The turn in which content under the lease is written. */
  readonly turn: WriteTurn;
  /** The cursor up to which everything was sent to live connections. */
  readonly cursor: () => string | undefined;
}

export interface Meta {
  readonly openapi: OpenApiMeta;
  /** What a bot's key needs: a permission, or everything that a stream shows; without it no bot may call it. */
  readonly keyPermission?: Permission | 'all of a stream';
}

/** Pings come every 15 s: three missed ones mean that the connection is dead. */
export const sseClientOptions: SseClientOptions = { reconnectAfterInactivityMs: 45_000 };

const options = trpcOptions({ isUnavailable });
const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({ ...options, sse: { client: sseClientOptions } });

export const router = t.router;

/**
 * For callers with a token. Whether its session is still valid is checked when the stream attaches or the ticket is
 * written.
 */
export const authed = t.procedure
  .use(({ ctx: { metrics, requestId, batch }, path, next }) => {
    const call = () => observeCall({ metrics, path, requestId, isUnavailable }, () => next());
    return batch === undefined ? call() : batch(call);
  })
  .use(async ({ ctx, meta, next }) => {
    const token = bearerOf(ctx.authorization);
    if (token === undefined) throw refuse('not_signed_in');
    const principal = principalOf(await ctx.verifier.verify(token, ctx.address));
    if (meta?.keyPermission === 'all of a stream') mustFollow(principal);
    else mustHaveScope(principal, meta?.keyPermission);
    return next({ ctx: { ...ctx, principal } });
  });

/** The error that a client receives for anything that was thrown, in tRPC's format. */
export function errorShapeOf(thrown: unknown, path: string, ctx: Context) {
  return options.errorFormatter({ error: getTRPCErrorFromUnknown(thrown), path, ctx });
}
