import { encodeCursor } from '@fechatter/contract';
import { createPushCipher, isUnavailable } from '@fechatter/drizzle';
import { mountPanel } from '@fechatter/panel';
import type { RestCall } from '@fechatter/rest';
import {
  Budget,
  createShell,
  isSignedInBy,
  type Config,
  mountMetrics,
  mountTrpc,
  type TrpcCall,
  type ReadyCheck,
  type ShellApp,
} from '@fechatter/service-kit';
import { mountPlainStream } from './http/plain-stream.ts';
import { mountRestOfNotify } from './http/rest.ts';
import { attachUnlessDraining, type NotifyService } from './http/service.ts';
import { mountTrpcStream } from './http/trpc-stream.ts';
import { router } from './router.ts';
import type { Context } from './trpc.ts';

export interface AppOptions {
  readonly config: Config;
  readonly service: NotifyService;
  readonly ready: () => Promise<readonly ReadyCheck[]>;
}

/** The service over HTTP: streams by raw writes, everything else through tRPC. */
export function createApp({ config, service, ready }: AppOptions): ShellApp {
  const { log, metrics, verifier, db, draining } = service;
  const { sessions, presence } = service.streams;
  const { readsPerMinute, writesPerMinute, signalsPerMinute } = config.limits;
  const budgets = {
    read: new Budget(readsPerMinute),
    write: new Budget(writesPerMinute),
    signal: new Budget(signalsPerMinute),
  };
  const pushCipher = createPushCipher(config.encryption.keys.map(({ id, key }) => ({ id, key: Buffer.from(key) })));
  const app = createShell({ config, log, metrics, ready, isUnavailable, draining, isSignedIn: isSignedInBy(verifier) });
  mountMetrics(app, metrics, config.metrics.token);
  const createContext = (
    call: Pick<Context, 'requestId' | 'authorization' | 'address' | 'batch'>,
    responseHeaders = new Headers(),
  ): Context => ({
    requestId: call.requestId,
    authorization: call.authorization,
    address: call.address,
    batch: call.batch,
    responseHeaders,
    metrics,
    verifier,
    db,
    sessions,
    presence,
    budgets,
    pushCipher,
    attach: (request, transport) => attachUnlessDraining(service, request, transport),
    turn: service.streams.turn,
    cursor: () => service.streams.hub.position && encodeCursor(service.streams.hub.position),
  });
  mountTrpcStream(app, service, createContext);
  mountPlainStream(app, service);
  const ofCall = ({
    req,
    requestId,
    clientAddress: address,
    resHeaders,
    batch,
  }: RestCall & Pick<TrpcCall, 'batch'>) => {
    const authorization = req.headers.get('authorization') ?? undefined;
    return createContext({ requestId, authorization, address, batch }, resHeaders);
  };
  mountTrpc(app, { router, log, isUnavailable, createContext: ofCall });
  mountRestOfNotify(app, { config, log }, ofCall);
  mountPanel(app, config, router);
  return app;
}
