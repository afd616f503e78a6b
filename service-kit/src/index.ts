export { type DatabaseAccess, databaseAccess } from './config/database-options.ts';
export { type Config, loadConfig } from './config/config.ts';
export { ConfigError } from './config/config-error.ts';
export type { TlsMode } from './config/derived.ts';
export { isEverywhere, policySources, urlHost } from './config/hosts.ts';
export type { SigninProvider } from './config/provider-settings.ts';
export type { TrustedIssuer } from './config/issuer-settings.ts';
export type { EncryptionKey, SigningKey } from './config/key-settings.ts';
export type { ApnsKey, GoogleServiceAccount } from './config/native-push-settings.ts';
export type { Service } from './config/setting.ts';

export { errorBody, type ErrorBody, errorHeaders, errorResponse } from './errors/error-response.ts';
export { type IsUnavailable, type Problem, problemOf } from './errors/problem.ts';
export { type Issue, Refusal, refuse, type RefusalOptions } from './errors/refusal.ts';
export { readInput } from './errors/safe-input.ts';
export { type ErrorData, type ErrorShape, trpcOptions } from './errors/trpc-options.ts';

export { type ApiKeys, createApiKeys, type FindKey, type StoredKey } from './token/api-keys.ts';
export { bearerOf } from './token/bearer.ts';
export { hashOfToken } from './token/hash-of-token.ts';
export { isSignedInBy } from './token/is-signed-in.ts';
export { type CachedKeys, cachedKeys, type KeySource, type PublishedKey } from './token/cached-keys.ts';
export { idOfKey, isMeantAsKey, newKeyText } from './token/key-text.ts';
export { type Credential, mustFollow, mustHaveScope, type Principal, principalOf } from './token/principal.ts';
export {
  createTokenVerifier,
  type TokenVerifier,
  type TokenVerifierOptions,
  type Verified,
} from './token/verifier.ts';

export { Budget, type Spent } from './budget.ts';
export { createLog, type Log, type LogOptions } from './log/log.ts';
export { redactText } from './log/redact-text.ts';
export { terminalJson, terminalLine } from './log/terminal-text.ts';

export { type ResponseHeaders, responseHeaders } from './http/response-headers.ts';
export { BytesInFlight } from './http/bytes-in-flight.ts';
export { type CallerGone, callerGone } from './http/caller-gone.ts';
export { clientAddress, type TrustedProxies, trustedProxies } from './http/client-address.ts';
export { isLoopback, limitedAddress, networksOf } from './http/limited-address.ts';
export type { ReadyCheck } from './http/health.ts';
export type { BatchTurns } from './http/batch-turns.ts';
export { bodyText, expectJson, hasUtf8Query } from './http/json-request.ts';
export { mountTrpc, type MountTrpcOptions, type TrpcCall } from './http/mount-trpc.ts';
export { type RateLeft, setRateLimitHeaders } from './http/rate-limit-headers.ts';
export { createShell, type ShellOptions } from './http/shell.ts';
export type { IsSignedIn } from './http/body-limit.ts';
export { isWithoutBody } from './http/without-body.ts';
export type { ShellApp, ShellContext, ShellEnv } from './http/shell-env.ts';

export { type CacheCounts, createMetrics, type Metrics, type Observer } from './metrics/metrics.ts';
export { listenForMetrics, type MetricsListener } from './metrics/metrics-listener.ts';
export { type DatabaseWatch, registerDatabaseMetrics } from './metrics/database-metrics.ts';
export { registerFileStoreMetrics } from './metrics/file-store-metrics.ts';
export { mountMetrics } from './metrics/mount-metrics.ts';
export { observeCall } from './tracing/observe-call.ts';
export { currentSpan, inSpan, setCurrentSpanAttributes, recordSpan } from './tracing/span.ts';

export {
  createGuardedDownload,
  createGuardedRequest,
  type GuardedDownload,
  type GuardedRequest,
  type GuardedRequestOptions,
  type OutgoingResponse,
  type OutgoingRequest,
} from './outbound/guarded-request.ts';
export { OutboundError, type OutboundFailure } from './outbound/outbound-error.ts';

export { ListenError } from './run/listen-error.ts';
export { runMain } from './run/run-main.ts';
export { type RunningService, type RunOptions, runService } from './run/run-service.ts';
export type { OpenApiMeta } from './open-api-meta.ts';
export { type Clamd, scanContent, ScanError } from './virus-scan/clamd.ts';
