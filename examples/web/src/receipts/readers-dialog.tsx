import type { Message } from '@fechatter/client';
import { chatter } from '../chatter.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Problem } from '../ui/form.tsx';
import { useResult } from '../ui/use-result.ts';
import { texts } from './texts.ts';

export interface ReadersDialogProps {
  readonly message: Message;
  readonly onClose: () => void;
}

/** Who has read a message, of the people who show that, to people who show it too. */
export function ReadersDialog({ message: { chatId, id: messageId }, onClose }: ReadersDialogProps) {
  const { result, problem } = useResult(() => chatter.message.readers.query({ chatId, messageId }), messageId);
  return (
    <Dialog title={texts.readers} onClose={onClose}>
      <Problem text={problem} />
      {result === undefined && problem === undefined && <p className="quiet">{texts.reading}</p>}
      {result?.users.length === 0 && <p className="quiet">{texts.none}</p>}
      <ul className="rows">
        {result?.users.map((user) => (
          <li key={user.id}>
            <Avatar {...user} />
            <span className="name" dir="auto">
              {user.name}
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
