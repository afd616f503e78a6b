import { testEnvironment } from '@fechatter/service-kit/testing';
import fc from 'fast-check';
import { hostileText, hostileValue } from './hostile-values.ts';

// Paths, headers, cursors and settings that no client of ours would send.

const PATH_PARTS = [
  '/',
  '//',
  '/.',
  '/..',
  '/%2e%2e',
  '/%2E%2E%2f',
  '/%00',
  '/%',
  '/%zz',
  '/%c0%af',
  '/\\',
  '/;',
  '/?',
  '#',
];
export const rawPath = fc
  .array(
    fc.oneof(
      fc.constantFrom(...PATH_PARTS, '/trpc', '/trpc/', '/api', '/api/chats', '/docs', '/panel', '/openapi.json'),
      fc.constantFrom('/user.me', '/notification.events', '/api/notifications/events', `/${'a'.repeat(10_000)}`),
      hostileText.map((text) => `/${encodeURIComponent(text.toWellFormed()).slice(0, 3_000)}`),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(''));
export const headerName = fc.constantFrom(
  ...'authorization last-event-id x-request-id x-forwarded-for content-type origin accept'.split(' '),
  ...'trpc-accept content-length transfer-encoding host cookie expect range if-none-match'.split(' '),
  ...'access-control-request-method x-http-method-override upgrade'.split(' '),
);
export const headerText = hostileText.map((text) => Buffer.from(text.slice(0, 4_000)).toString('latin1'));
export const cursor = fc.oneof(
  hostileText,
  fc
    .tuple(fc.constantFrom('chats', 'auth.sessions', 'workspaces', 'members', 'x'), hostileValue)
    .map((token) => Buffer.from(JSON.stringify(token)).toString('base64url').slice(0, 4_000)),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
);
export const settingName = fc.constantFrom(
  ...Object.keys(testEnvironment),
  ...'FECHATTER_SERVER_TRUSTED_PROXIES FECHATTER_SERVER_CORS_ORIGINS FECHATTER_DATABASE_TLS_CA'.split(' '),
  ...'FECHATTER_SERVER_PUBLIC_URL FECHATTER_CONFIG FECHATTER_AUTH_SECRET_FILE FECHATTER_LIMITS_SENDS_PER_MINUTE'.split(
    ' ',
  ),
  ...'FECHATTER___PROTO__ FECHATTER_SERVER___PROTO__ FECHATTER_DATABASE_TLS_MODE NODE_ENV'.split(' '),
);
