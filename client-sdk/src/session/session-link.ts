import type { OperationResultEnvelope, TRPCClientError, TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { reasonOf } from '../errors.ts';
import type { FechatterRouter, Session } from '../wire.ts';
import type { DeviceTokens } from './device-tokens.ts';
import type { SessionKeeper } from './session-keeper.ts';

const opening = new Set([
  'auth.signup',
  'auth.signin',
  'auth.secondFactor',
  'auth.passkeySignin',
  'auth.exchange',
  'auth.oidcFinish',
]);

/**
 * Manages the session around calls: the result of sign-up and of each way to sign in becomes the session, sign-out ends it (at once,
 * even if the service cannot be reached), as does erasing the account, and a call that was refused only because of its token is sent again with a
 * fresh one.
 */
export function sessionLink(
  keeper: SessionKeeper,
  devices: DeviceTokens,
  signOut: () => Promise<unknown>,
  endErased: (userId: string) => Promise<void>,
): TRPCLink<FechatterRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        let sent = op;
        const userId = keeper.current?.id;
        let isRetried = false;
        let isDone = false;
        let subscription: { unsubscribe(): void } | undefined;

        /** Sends the call again if that may help; throws otherwise. */
        const retry = async (error: TRPCClientError<FechatterRouter>, token: string | undefined) => {
          if (isRetried || isDone || !(await freshen(keeper, error, token))) throw error;
          isRetried = true;
          send();
        };
        const take = async (value: OperationResultEnvelope<unknown, TRPCClientError<FechatterRouter>>) => {
          await keep(keeper, op.path, value.result.type === 'data' ? value.result.data : undefined);
          if (op.path === 'user.erase' && userId !== undefined) await endErased(userId);
          observer.next(value);
          observer.complete();
        };
        const otherwiseFail = (work: Promise<void>) =>
          void work.catch((error: unknown) => observer.error(error as TRPCClientError<FechatterRouter>));
        const send = () => {
          const token = keeper.current?.token;
          subscription = next(sent).subscribe({
            next: (value) => otherwiseFail(take(value)),
            error: (error) => otherwiseFail(retry(error, token)),
          });
        };

        const end = async () => {
          await signOut();
          observer.next({ result: { type: 'data', data: undefined } });
          observer.complete();
        };
        const signIn = async () => {
          sent = { ...op, input: await asDevice(devices, op.input) };
          if (!isDone) send();
        };
        if (op.path === 'auth.signout' && keeper.current !== null) void end();
        else if (op.path === 'auth.signin') otherwiseFail(signIn());
        else send();
        return () => {
          isDone = true;
          subscription?.unsubscribe();
        };
      });
}

/** Adds the token of this device if the caller passed none and the account was signed in here before. */
async function asDevice(devices: DeviceTokens, input: unknown): Promise<unknown> {
  const { email } = input as Partial<Session>;
  const deviceToken = typeof email === 'string' ? await devices.of(email) : undefined;
  return deviceToken === undefined ? input : { deviceToken, ...(input as object) };
}

async function keep(keeper: SessionKeeper, path: string, response: unknown): Promise<void> {
  if (opening.has(path)) await keeper.adopt(response as Session);
  else if (path === 'auth.signoutAll') await keeper.end('signed_out');
}

/** After a refusal: true if there is now another token than the refused one. */
async function freshen(
  keeper: SessionKeeper,
  error: TRPCClientError<FechatterRouter>,
  token: string | undefined,
): Promise<boolean> {
  const reason = reasonOf(error);
  if (reason === 'session_revoked') await keeper.end(reason, error);
  if (token === undefined || keeper.current === null || (reason !== 'token_expired' && reason !== 'token_invalid'))
    return false;
  return keeper.refreshRefused(token).then(
    () => true,
    () => false,
  );
}
