import { UserExportLine, WorkspaceExportLine } from '@fechatter/contract';
import { type RestCall, wireFormOf } from '@fechatter/rest';
import { callerGone, refuse, type ShellApp, type ShellContext } from '@fechatter/service-kit';
import { TRPCError } from '@trpc/server';
import type { Context } from '../context.ts';
import type { Deps } from '../deps.ts';
import { authorizeWorkspace } from '../access/authorize-workspace.ts';
import { authenticate } from '../access/principal.ts';
import { appRouter } from '../router.ts';
import { streamLines } from '../export/stream-lines.ts';
import { userSteps } from '../export/user-steps.ts';
import { allPages } from '../export/walk.ts';
import { workspaceSteps } from '../export/workspace-steps.ts';

const JSON_LINES = 'application/jsonl';
const userForm = wireFormOf(UserExportLine);
const workspaceForm = wireFormOf(WorkspaceExportLine);

/**
 * Serves each export as one stream, for callers that request JSON Lines at the procedure's route. The procedure itself
 * authorises the export and records it once; if it refuses, its own route sends the error. A stream lasts as long as
 * the session, not the access token, and sends no further page if the caller has lost access.
 */
export function mountExports(app: ShellApp, deps: Deps, createContext: (call: RestCall) => Context): void {
  const begin = async (c: ShellContext, authorize: (caller: Caller) => Promise<unknown>) => {
    if (c.req.method !== 'GET' || !c.req.header('accept')?.includes(JSON_LINES)) return undefined;
    const ctx = createContext({
      req: c.req.raw,
      requestId: c.get('requestId'),
      clientAddress: c.get('clientAddress'),
      resHeaders: new Headers(),
      signal: callerGone(c),
    });
    const principal = await authenticate(ctx).catch(() => undefined);
    if (principal === undefined) return undefined;
    const end = deps.budgets.beginHeavy(principal.userId);
    try {
      await authorize(appRouter.createCaller(ctx));
      return { ...principal, end };
    } catch (error) {
      end();
      if (error instanceof TRPCError && error.code !== 'INTERNAL_SERVER_ERROR') return undefined;
      throw error;
    }
  };
  const respond = <Line>(pages: AsyncGenerator<readonly Line[]>, form: (line: Line) => unknown, onEnd: () => void) =>
    new Response(
      streamLines(pages, form, { onError: (err) => deps.log.warn({ err }, 'an export was cut off'), onEnd }),
      { headers: { 'content-type': JSON_LINES } },
    );

  app.get('/api/users/me/export', async (c, next) => {
    const asker = await begin(c, (caller) => caller.user.export({ limit: 1 }));
    if (asker === undefined) return next();
    const pages = allPages(deps, userSteps, { id: asker.userId, callerId: asker.userId });
    return respond(
      guarded(pages, () => mustLive(deps, asker.credential.sessionId)),
      userForm,
      asker.end,
    );
  });
  app.get('/api/workspaces/:workspace_id/export', async (c, next) => {
    const workspaceId = c.req.param('workspace_id').toLowerCase();
    const asker = await begin(c, (caller) => caller.workspace.export({ workspaceId, limit: 1 }));
    if (asker === undefined) return next();
    const pages = allPages(deps, workspaceSteps, { id: workspaceId, callerId: asker.userId });
    const guard = async () => {
      await mustLive(deps, asker.credential.sessionId);
      await authorizeWorkspace(deps.db.tables, asker.userId, workspaceId, 'workspace.export');
    };
    return respond(guarded(pages, guard), workspaceForm, asker.end);
  });
}

type Caller = ReturnType<typeof appRouter.createCaller>;

async function* guarded<Page>(pages: AsyncGenerator<Page>, authorize: () => Promise<void>): AsyncGenerator<Page> {
  for await (const page of pages) {
    await authorize();
    yield page;
  }
}

async function mustLive({ revoked }: Deps, sessionId: string): Promise<void> {
  if (await revoked.has(sessionId)) throw refuse('session_revoked');
}
