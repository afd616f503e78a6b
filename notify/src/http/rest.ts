import { RELEASE } from '@fechatter/contract';
import { isUnavailable } from '@fechatter/drizzle';
import { mountDocument, mountRest, openApiDocument, type RestCall } from '@fechatter/rest';
import type { Config, Log, ShellApp } from '@fechatter/service-kit';
import { router } from '../router.ts';
import type { Context } from '../trpc.ts';

const document = openApiDocument({
  router,
  title: 'Fechatter notify',
  version: RELEASE,
  description:
    'Live events of Fechatter, with the access tokens of the server. A stream lasts at most as long as its session. ' +
    'Each event has an id: if you connect again with the last one, you miss nothing. Every response has an ' +
    '`X-Request-Id`.',
  tags: {
    notification: 'Live events: the stream, and tickets to open it with.',
    presence: 'The presence of people.',
    push: 'Pushes to devices without a stream.',
  },
});

/** Serves clients that do not use tRPC: REST at /api and, unless `http.docs` is off, its document at /openapi.json. */
export function mountRestOfNotify(
  app: ShellApp,
  { config, log }: { readonly config: Pick<Config, 'http'>; readonly log: Log },
  createContext: (call: RestCall) => Context,
): void {
  mountRest(app, { router, createContext, log, isUnavailable });
  if (config.http.docs) mountDocument(app, document);
}
