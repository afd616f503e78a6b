import { inTime } from '../in-time.ts';
import { KeptMessages } from '../outbox/kept-messages.ts';
import { isOfKey } from './key-session.ts';
import type { SessionKeeper } from './session-keeper.ts';
import type { SessionStorage } from './session-storage.ts';
import type { SignOuts } from './sign-outs.ts';

export interface SignOutOptions {
  /**
   * What happens to unsent messages. `keep` (the default): the person's next outbox on this device sends them, and
   * no one else sees them. `discard`: they are deleted.
   */
  readonly unsent?: 'keep' | 'discard';
}

export interface SignedOut {
  /** How many unsent messages are kept for this person's next sign-in. */
  readonly keptCount: number;
  /** How many unsent messages were deleted. */
  readonly discardedCount: number;
  /**
   * Resolves with true once the service has recorded it, or with false if it could not be reached and the call is
   * repeated later. Never rejects.
   */
  readonly isTold: Promise<boolean>;
}

interface SigningOut {
  readonly keeper: SessionKeeper;
  readonly signOuts: SignOuts;
  readonly storage: SessionStorage;
}

/** Ends the session here, whatever the state of the network, and then reports it to the service. */
export async function signOut(
  { keeper, signOuts, storage }: SigningOut,
  { unsent = 'keep' }: SignOutOptions = {},
): Promise<SignedOut> {
  const session = keeper.current;
  if (session === null) return { keptCount: 0, discardedCount: 0, isTold: Promise.resolve(true) };
  const ending = keeper.end('signed_out');
  const isTold = isOfKey(session) ? Promise.resolve(true) : signOuts.report(session);
  const kept = new KeptMessages(storage, session.id);
  const count = unsent === 'discard' ? await kept.discard() : (await kept.all()).length;
  if (unsent === 'discard') await discardFiles(storage, session.id).catch(() => {});
  await ending;
  return unsent === 'discard'
    ? { keptCount: 0, discardedCount: count, isTold }
    : { keptCount: count, discardedCount: 0, isTold };
}

/** The account is gone: its session ends here, and nothing that was not sent is left on this device. */
export async function endErased({ keeper, storage }: Omit<SigningOut, 'signOuts'>, userId: string): Promise<void> {
  // The event about the end of the session may be faster than the response.
  const ending = keeper.current?.id === userId ? keeper.end('account_erased') : undefined;
  await new KeptMessages(storage, userId).discard();
  await discardFiles(storage, userId).catch(() => {});
  await ending;
}

const FILES_MS = 5_000;

/** The files of this person's unsent messages. */
async function discardFiles(storage: SessionStorage, userId: string): Promise<void> {
  const discard = async () => {
    const files = await storage.files?.();
    for (const name of (await files?.names()) ?? []) if (name.startsWith(`${userId}.`)) await files?.remove(name);
  };
  await inTime(discard(), FILES_MS, 'the storage of files');
}
