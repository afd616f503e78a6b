import type { Message } from '@fechatter/client';
import { useReaders } from '@fechatter/client/react';
import { useState } from 'react';
import { usePlace } from '../chat/place.ts';
import { usePeople } from '../people/people.ts';
import { onDemand } from '../ui/on-demand.tsx';
import { texts } from './texts.ts';

const ReadersDialog = onDemand(async () => (await import('./readers-dialog.tsx')).ReadersDialog);

/** How many readers are named: of more, the first ones and how many others. */
const NAMED_MAX = 3;

/**
 * Who has seen the person's last message, live; nothing while nobody has, or where receipts are off. It is not announced,
 * because it changes all the time.
 */
export function SeenBy({ message }: { readonly message: Message }) {
  const { workspaceId, chatType } = usePlace();
  const readers = useReaders(message.chatId, message.id);
  const people = usePeople(workspaceId);
  const [isOpen, setOpen] = useState(false);
  if (readers === undefined || readers.length === 0) return null;
  if (chatType === 'Single') return <p className="seen-by">{texts.seen}</p>;
  const named = readers.slice(0, readers.length > NAMED_MAX ? NAMED_MAX - 1 : NAMED_MAX);
  const names = named.map((id) => people.get(id)?.name ?? texts.someone);
  const left = readers.length - named.length;
  return (
    <p className="seen-by">
      <button type="button" className="link" onClick={() => setOpen(true)}>
        {texts.seenBy(left > 0 ? [...names, texts.others(left)] : names)}
      </button>
      {isOpen && <ReadersDialog message={message} onClose={() => setOpen(false)} />}
    </p>
  );
}
