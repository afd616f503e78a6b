import { loggedEvents, RELEASE } from '@fechatter/contract';
import { isUnavailable } from '@fechatter/drizzle';
import { mountDocument, mountExplorer, mountRest, openApiDocument, type RestCall } from '@fechatter/rest';
import type { ShellApp } from '@fechatter/service-kit';
import type { Context } from '../context.ts';
import type { Deps } from '../deps.ts';
import { fileOperations } from './file-operations.ts';
import { mountDownloads } from './mount-downloads.ts';
import { mountExports } from './mount-exports.ts';
import { mountHooks } from './mount-hooks.ts';
import { mountUploads } from './mount-uploads.ts';
import { appRouter } from '../router.ts';

const document = openApiDocument({
  router: appRouter,
  title: 'Fechatter server',
  version: RELEASE,
  description:
    'A workspace chat back end: people, workspaces, chats, messages and threads. Live events come from the notify service, ' +
    'which has a document of its own.\n\nSign up or sign in, then send the `token` as `Authorization: Bearer <token>`. ' +
    'Lists return `next_cursor`, which is the next page’s `cursor`; null means that there are no more entries. In a ' +
    'PATCH, a missing key leaves its value unchanged and null removes it. Times are ISO 8601 in UTC. Every response ' +
    'has an `X-Request-Id`. Requests are limited per person and minute: `RateLimit-*` say what is left, and 429 ' +
    '`rate_limited` says how long to wait. If a limit on how many things there can be is reached, the response is 409 ' +
    '`quota_exceeded`.',
  others: fileOperations,
  webhooks: Object.fromEntries(loggedEvents.map(({ kind, schema }) => [kind, schema])),
  tags: {
    info: 'What this deployment offers.',
    auth: 'Accounts and sessions: signing up, in and out, refreshing tokens, passwords, verifying addresses.',
    user: 'People: you, and those with whom you share a workspace.',
    workspace: 'Workspaces, their members, public channels and invitations.',
    chat: 'Chats of two, groups, private and public channels; their members and unread counts.',
    message: 'Messages in a chat, reactions and read receipts.',
    file: 'Files: uploading and downloading them.',
    emoji: 'The emoji of a workspace.',
    bot: 'Bots: programs that take part in chats, and their keys.',
    webhook: 'Webhooks: sending the events that a bot sees to an address.',
    incomingWebhook: 'Incoming webhooks: addresses at which programs post into a chat.',
    admin: 'For the servers of other apps, with a service key.',
    thread: 'Replies to a message, who follows them, and how far they have read.',
  },
});

/**
 * Serves clients that do not use tRPC: REST at /api and, unless `http.docs` is off, its OpenAPI document at /openapi.json
 * and the explorer at /docs.
 */
export function mountRestOfServer(app: ShellApp, deps: Deps, createContext: (call: RestCall) => Context): void {
  const { config, log } = deps;
  // Before the routes of the procedures, which handle every request that is not for a stream.
  mountExports(app, deps, createContext);
  mountUploads(app, deps, createContext);
  mountHooks(app, deps, createContext);
  mountDownloads(app, deps, createContext);
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
