import type { Callable } from './services.ts';
import { exchange, type Exchange } from './exchange.ts';
import type { PanelSession } from './panel-session.ts';

/** Calls with the panel's session; if the token has just expired, renews it and repeats the call once. */
export async function callAs(
  session: PanelSession,
  procedure: Callable,
  input: unknown,
  signal: AbortSignal,
): Promise<Exchange> {
  const { serviceUrl } = procedure;
  const attempt = async () => {
    const token = procedure.isProtected ? await session.token() : undefined;
    return { token, done: await exchange({ serviceUrl, procedure, input, token, signal }) };
  };
  const { token, done } = await attempt();
  const reason = done.outcome.kind === 'refused' ? done.outcome.refusal.reason : undefined;
  if (reason === 'token_expired' && token !== undefined) {
    await session.renew(token);
    return (await attempt()).done;
  }
  if (reason === 'session_revoked' && session.current?.token === token) session.end('This session has ended.');
  return done;
}
