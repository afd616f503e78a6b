import type { Session } from '@fechatter/contract';
import type { TRPCClientError, TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { reasonOf } from './errors.ts';
import type { FechatterRouter } from './router.ts';
import type { SessionKeeper } from './session.ts';

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
        let subscription: { unsubscribe(): void } | undefined;
        let isDone = false;

        const fail = async (error: TRPCClientError<FechatterRouter>) => {
          const session = keeper.current;
          const reason = reasonOf(error);
          if (session !== null && reason === 'session_revoked') await keeper.end();
          const isStale = reason === 'token_expired' || reason === 'token_invalid';
          if (session === null || !isStale || isRetried || isDone) return observer.error(error);
          isRetried = true;
          try {
            await keeper.refresh(session.token);
          } catch {
            return observer.error(error);
          }
          if (!isDone) send();
        };
        const send = () => {
          subscription = next(op).subscribe({
            next(value) {
              void settle(value.result.type === 'data' ? value.result.data : undefined).then(
                () => {
                  observer.next(value);
                  observer.complete();
                },
                (error: unknown) => observer.error(error as TRPCClientError<FechatterRouter>),
              );
            },
            error: (error) => void fail(error),
          });
        };
        const settle = async (data: unknown) => {
          if (opening.has(op.path)) await keeper.adopt(data as Session);
          else if (closing.has(op.path)) await keeper.end();
        };

        send();
        return () => {
          isDone = true;
          subscription?.unsubscribe();
        };
      });
}
