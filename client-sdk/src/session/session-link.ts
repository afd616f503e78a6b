import type { TRPCClientError, TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { reasonOf } from '../errors.ts';
import type { FechatterRouter, Session } from '../wire.ts';
import type { SessionKeeper } from './session-keeper.ts';

const opening = new Set(['auth.signup', 'auth.signin']);
const closing = new Set(['auth.signout', 'auth.signoutAll']);

/**
 * Keeps the session beside the calls: what sign-up and sign-in answer becomes the session, sign-out ends it, and a call
 * that was refused for its token alone is sent once more with a fresh one.
 */
export function sessionLink(keeper: SessionKeeper): TRPCLink<FechatterRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        let isRetried = false;
        let isDone = false;
        let subscription: { unsubscribe(): void } | undefined;

        const settle = async (data: unknown) => {
          if (opening.has(op.path)) await keeper.adopt(data as Session);
          else if (closing.has(op.path)) await keeper.end('signed_out');
        };
        const retry = async (error: TRPCClientError<FechatterRouter>) => {
          const session = keeper.current;
          const reason = reasonOf(error);
          if (session !== null && reason === 'session_revoked') await keeper.end(reason, error);
          const isStale = reason === 'token_expired' || reason === 'token_invalid';
          if (session === null || !isStale || isRetried || isDone) throw error;
          isRetried = true;
          await keeper.refresh(session.token).catch(() => {
            throw error;
          });
          if (!isDone) send();
        };
        const fail = (error: unknown) => observer.error(error as TRPCClientError<FechatterRouter>);
        const send = () => {
          subscription = next(op).subscribe({
            next(value) {
              const data = value.result.type === 'data' ? value.result.data : undefined;
              settle(data).then(() => {
                observer.next(value);
                observer.complete();
              }, fail);
            },
            error: (error) => void retry(error).catch(fail),
          });
        };

        send();
        return () => {
          isDone = true;
          subscription?.unsubscribe();
        };
      });
}
