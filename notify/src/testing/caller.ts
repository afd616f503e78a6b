import { encodeCursor } from '@fechatter/contract';
import { createPushCipher, findApiKey, openDatabase } from '@fechatter/drizzle';
import {
  Budget,
  cachedKeys,
  createApiKeys,
  createMetrics,
  createTokenVerifier,
  databaseAccess,
} from '@fechatter/service-kit';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { attach } from '../attach/attach.ts';
import { eventLag } from '../metrics/notify-metrics.ts';
import { router } from '../router.ts';
import { createStreams } from '../start-streams.ts';
import type { Person, World } from './world.ts';

/** Calls the procedures inside the process, without HTTP. */
export async function createCaller(world: World, { token }: Person) {
  const config = testConfig('notify', { FECHATTER_DATABASE_URL: world.database.url });
  const access = databaseAccess(config);
  const db = openDatabase(access);
  const streams = createStreams({ config, access, db, log: silentLog(), ringRows: 100 });
  const metrics = createMetrics({ service: 'notify', isExposed: false });
  streams.follow({ lag: eventLag(metrics), clockOffsetMs: () => undefined });
  const keys = cachedKeys(async () => world.database.query('select kid, public_jwk as jwk from signing_keys'));
  const caller = router.createCaller({
    requestId: 'request-1',
    authorization: `Bearer ${token}`,
    address: '127.0.0.1',
    responseHeaders: new Headers(),
    metrics,
    verifier: createTokenVerifier({
      keys,
      issuer: config.auth.issuer,
      audience: config.auth.audience,
      apiKeys: createApiKeys({ find: (sessionId) => findApiKey(db.pool, sessionId) }),
    }),
    db: db.pool,
    sessions: streams.sessions,
    presence: streams.presence,
    budgets: { read: new Budget(0), write: new Budget(0), signal: new Budget(0) },
    pushCipher: createPushCipher(config.encryption.keys.map(({ id, key }) => ({ id, key: Buffer.from(key) }))),
    attach: (request, transport) => attach(streams, request, transport),
    turn: streams.turn,
    cursor: () => streams.hub.position && encodeCursor(streams.hub.position),
  });
  const close = async () => {
    await streams.stop();
    await db.close();
  };
  return { caller, streams: { hub: streams.hub, close } };
}
