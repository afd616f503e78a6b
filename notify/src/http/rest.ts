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
    'Live events of Fechatter. The tokens are those of the server. A stream lives as long as its session; each event ' +
    'has an id, and whoever connects again with the last one misses nothing. Every answer has an `X-Request-Id`.',
  tags: { notification: 'What happens, live: the stream of events, and tickets to open it with.' },
});

/** Serves those who do not speak tRPC: REST at /api, and, unless `http.docs` is off, its document at /openapi.json. */
export function mountRestOfNotify(
  app: ShellApp,
  { config, log }: { readonly config: Pick<Config, 'http'>; readonly log: Log },
  createContext: (call: RestCall) => Context,
): void {
  mountRest(app, { router, createContext, log, isUnavailable });
  if (config.http.docs) mountDocument(app, document);
}
