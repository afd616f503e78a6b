import {
  type Notifier,
  checkKeyRing,
  createNotifier,
  createMessageCipher,
  createSecretCipher,
  type Database,
  findApiKey,
  isUnavailable,
  type RememberedCipher,
  rememberOpened,
  openDatabase,
  type SecretCipher,
} from '@fechatter/drizzle';
import {
  cachedKeys,
  createApiKeys,
  type Config,
  createMetrics,
  createTokenVerifier,
  databaseAccess,
  type Log,
  type Metrics,
  type TokenVerifier,
} from '@fechatter/service-kit';
import { type Attacks, createAttacks } from './audit/attacks.ts';
import { createKeySends, type KeySends } from './audit/key-sends.ts';
import { createFailedSignIns, type FailedSignIns } from './audit/failed-signins.ts';
import { createFileContent, type FileContent } from './file-content/file-content.ts';
import { createDeviceTokens, type DeviceTokens } from './identity/device-token.ts';
import { createFileTickets, type FileTickets } from './identity/file-ticket.ts';
import { createOidcProviders, type OidcProviders } from './identity/oidc-providers.ts';
import { createPasswordHasher, type PasswordHasher } from './identity/password-hasher.ts';
import { type Budgets, createBudgets } from './limits/budgets.ts';
import { createRateLimits, type RateLimits } from './limits/rate-limits.ts';
import { createRefreshTokens, type RefreshTokens } from './identity/refresh-token.ts';
import { Drops } from './remembered/drops.ts';
import { createRemembered, type Remembered } from './remembered/remembered.ts';
import { dropTakenAway } from './remembered/taken-away.ts';
import { type RevokedSessions, watchRevokedSessions } from './identity/revoked-sessions.ts';
import { createServiceKeys, type ServiceKeys } from './identity/service-keys.ts';
import { publishedKeys } from './identity/signing-keys.ts';
import { createTokenSigner, type TokenSigner } from './identity/token-signer.ts';
import { createTrustedIssuers, type TrustedIssuers } from './identity/trusted-issuers.ts';
import { countUnreadable } from './count-unreadable.ts';
import { createSendQueue, type SendQueue } from './message/batching/send-queue.ts';
import { createSearches, type Searches } from './searching/searches.ts';
import { createSignals, type Signals } from './signals/signals.ts';

/** The parts of a running server; tests build the same with their own database. */
export interface Deps {
  readonly config: Config<'server'>;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly db: Database;
  /** Called after each commit that appended to the log. */
  readonly notifier: Notifier;
  readonly cipher: RememberedCipher;
  /** For the secrets of authenticator apps. */
  readonly totpCipher: SecretCipher;
  /** For the secrets that sign webhooks. */
  readonly webhookCipher: SecretCipher;
  /** How many bodies could not be decrypted. */
  readonly unreadable: () => number;
  readonly tokens: TokenVerifier;
  readonly issuers: TrustedIssuers;
  readonly serviceKeys: ServiceKeys;
  readonly providers: OidcProviders;
  readonly signer: TokenSigner;
  readonly refreshTokens: RefreshTokens;
  readonly deviceTokens: DeviceTokens;
  readonly fileTickets: FileTickets;
  /** Where the content of files is. */
  readonly files: FileContent;
  readonly passwords: PasswordHasher;
  /** Limits that are counted in the database, and each person's budgets in this process. */
  readonly limits: RateLimits;
  readonly budgets: Budgets;
  /** Sessions that ended while their tokens are still valid. */
  readonly revoked: RevokedSessions;
  /** Results of reads that are used again for some seconds, if the settings say so. */
  readonly remembered: Remembered;
  readonly sends: SendQueue;
  readonly searches: Searches;
  /** Sends signals, which are not logged. */
  readonly signals: Signals;
  readonly failedSignIns: FailedSignIns;
  readonly attacks: Attacks;
  readonly keySends: KeySends;
}

/** Opens everything that the settings name, on a migrated database. */
export async function openDeps(config: Config<'server'>, log: Log): Promise<Deps> {
  const database = databaseAccess(config);
  const db = openDatabase(database);
  try {
    const ring = config.encryption.keys.map(({ id, key }) => ({ id, key: Buffer.from(key) }));
    await checkKeyRing(db.pool, ring, 'remember');
    const signer = await createTokenSigner(config, db);
    const keys = cachedKeys(() => publishedKeys(db));
    await keys.load();
    const { issuer, audience, accessTokenSeconds } = config.auth;
    const notifier = createNotifier(db.pool);
    const limits = await createRateLimits(config, db);
    const budgets = createBudgets(config.limits);
    const counting = countUnreadable(createMessageCipher(ring));
    const cipher = rememberOpened(counting, config.cache.messagesMaxBytes);
    const onError = (error: unknown) => log.warn({ err: error }, 'cannot watch for revoked sessions; trying again');
    const drops = new Drops();
    const onTakenAway = dropTakenAway(drops);
    const revoked = await watchRevokedSessions({ database, db, accessTokenSeconds, onTakenAway, onError });
    return {
      config,
      log,
      metrics: createMetrics({ service: 'server', isExposed: isExposed(config) }),
      db,
      notifier,
      cipher,
      totpCipher: createSecretCipher(ring, 'totp'),
      webhookCipher: createSecretCipher(ring, 'webhook'),
      unreadable: counting.unreadable,
      searches: createSearches(db, ring),
      tokens: createTokenVerifier({
        keys,
        issuer,
        audience,
        remembered: config.cache.tokensMax,
        apiKeys: createApiKeys({ find: (sessionId) => findApiKey(db.pool, sessionId) }),
      }),
      providers: createOidcProviders(config.auth.providers, `${config.server.webUrl}/oidc`, log),
      serviceKeys: createServiceKeys(db, config),
      issuers: createTrustedIssuers(config.auth.issuers),
      signer,
      refreshTokens: createRefreshTokens(config.auth.secret),
      deviceTokens: createDeviceTokens(config.auth.secret),
      fileTickets: createFileTickets(config.auth.secret),
      files: createFileContent(config, ring),
      passwords: await createPasswordHasher(),
      failedSignIns: createFailedSignIns(db, log),
      limits,
      attacks: createAttacks({ db, limits, log, config }),
      keySends: createKeySends(db, limits),
      sends: createSendQueue({
        database,
        notifier,
        limitPerMinute: config.limits.sendsPerMinute,
        reactionLimitPerMinute: config.limits.reactionsPerMinute,
        log,
        isUnavailable,
      }),
      budgets,
      signals: createSignals({ pool: db.pool, budgets }),
      revoked,
      remembered: createRemembered(config.cache, drops, () => revoked.isFresh),
    };
  } catch (error) {
    await db.close();
    throw error;
  }
}

const isExposed = ({ server, metrics }: Config<'server'>) => server.metricsPort > 0 || metrics.token !== undefined;

/** Closes everything, when no request is running any more. */
export async function closeDeps({ sends, signals, failedSignIns, attacks, revoked, limits, db }: Deps): Promise<void> {
  await sends.close();
  await signals.close();
  await failedSignIns.settled();
  await attacks.settled();
  limits.stop();
  await revoked.stop();
  await db.close();
}
