import { RELEASE } from '@fechatter/contract';
import { isUnavailable } from '@fechatter/drizzle';
import { mountDocument, mountExplorer, mountRest, openApiDocument, type RestCall } from '@fechatter/rest';
import type { ShellApp } from '@fechatter/service-kit';
import type { Context } from '../context.ts';
import type { Deps } from '../deps.ts';
import { mountExports } from './mount-exports.ts';
import { appRouter } from '../router.ts';

const document = openApiDocument({
  router: appRouter,
  title: 'Fechatter server',
  version: RELEASE,
  description:
    'A workspace chat back end: people, workspaces, chats and messages. Live events come from the notify service, ' +
    'which has a document of its own.\n\nSign up or in, then send the `token` as `Authorization: Bearer <token>`. ' +
    'Lists answer `next_cursor`, which is the next page’s `cursor`; null means that there is no more. In a PATCH, a ' +
    'missing key leaves things as they are and null clears. Times are ISO 8601 in UTC. Every answer has an ' +
    '`X-Request-Id`. What a person may cost in a minute is bounded: `RateLimit-*` say what is left, and 429 ' +
    '`rate_limited` how long to wait. Where a list or a number of things is full, the answer is 409 `quota_exceeded`.',
  tags: {
    info: 'What this deployment offers.',
    auth: 'Accounts and sessions: signing up, in and out, refreshing tokens, passwords.',
    user: 'People: oneself, and those with whom one shares a workspace.',
    workspace: 'Workspaces, their members, public channels and invites.',
    chat: 'Chats of two, groups, private and public channels; their members; what is unread.',
    message: 'What is written in a chat.',
  },
});

/**
 * Serves those who do not speak tRPC: REST at /api, and, unless `http.docs` is off, its document at /openapi.json and the
 * explorer at /docs.
 */
export function mountRestOfServer(app: ShellApp, deps: Deps, createContext: (call: RestCall) => Context): void {
  const { config, log } = deps;
  // Before the routes of the procedures, which answer everyone who does not ask for a stream.
  mountExports(app, deps, createContext);
  mountRest(app, { router: appRouter, createContext, log, isUnavailable });
  if (!config.http.docs) return;
  mountDocument(app, document);
  mountExplorer(app, {
    documents: [
      { name: 'Fechatter server', url: 'openapi.json' },
      { name: 'Fechatter notify', url: `${config.notify.publicUrl.replace(/\/$/, '')}/openapi.json` },
    ],
  });
}
