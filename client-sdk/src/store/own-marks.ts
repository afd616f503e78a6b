import type { FechatterClient } from '../create-fechatter.ts';
import type { Event } from '../events/event.ts';
import type { Change } from './own-changes.ts';
import type { MessageRef, Replica } from './replica.ts';

/** Lists ask for what is wished by these. */
export const PIN = 'pin';
export const SAVED = 'saved';

/** A message is pinned in its chat. */
export function ownPin(client: FechatterClient, replica: Replica): Change {
  const wishedAt = new Date();
  return {
    key: PIN,
    show: (message, isSet) =>
      isSet === (message.pinnedAt !== null) ? message : { ...message, pinnedAt: isSet ? wishedAt : null },
    bring(ref, isSet) {
      const { pin, unpin } = client.message;
      return replica.change(ref, () => (isSet ? pin : unpin).mutate(ref));
    },
  };
}

/** The person has saved a message. */
export const ownSaved = (client: FechatterClient, replica: Replica): Change => ({
  key: SAVED,
  show: (message, isSet) => (isSet === message.isSaved ? message : { ...message, isSaved: isSet }),
  bring(ref, isSet) {
    const { save, unsave } = client.message;
    return replica.read(
      savedIn(ref),
      () => (isSet ? save : unsave).mutate(ref),
      (_, meanwhile) => {
        // The service returns nothing. Events that arrived meanwhile are newer.
        if (meanwhile.length === 0) replica.apply({ kind: isSet ? 'message.saved' : 'message.unsaved', ...ref });
        return false;
      },
    );
  },
});

const savedIn =
  ({ messageId }: MessageRef) =>
  (event: Event) =>
    (event.kind === 'message.saved' || event.kind === 'message.unsaved') && event.messageId === messageId
      ? event
      : undefined;
