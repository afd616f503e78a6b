import { allows, type ChatRow } from '@fechatter/client';
import { usePinning, usePins } from '@fechatter/client/react';
import { MessageCard } from '../chat/message-card.tsx';
import { linkOfMessage } from '../route.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Problem } from '../ui/form.tsx';
import { useCall } from '../ui/use-call.ts';
import { texts } from './texts.ts';

export interface PinsDialogProps {
  readonly chat: ChatRow;
  readonly onClose: () => void;
}

/** The pinned messages of a conversation, the latest pinned first. */
export function PinsDialog({ chat: { id: chatId, name, workspaceId, role, chatType }, onClose }: PinsDialogProps) {
  const pins = usePins(chatId);
  const pinning = usePinning(chatId);
  const { run, problem } = useCall();
  const mayUnpin = allows(role, 'message.pin', chatType);
  return (
    <Dialog title={texts.titleOf(name)} onClose={onClose}>
      <Problem text={problem} />
      {pins === undefined && <p className="quiet">{texts.reading}</p>}
      {pins?.length === 0 && <p className="quiet">{texts.none}</p>}
      <ul className="card-list">
        {pins?.map((message) => (
          <li key={message.id}>
            <MessageCard
              message={message}
              workspaceId={workspaceId}
              href={linkOfMessage(message, workspaceId)}
              onOpen={onClose}
            />
            {mayUnpin && (
              <button type="button" onClick={() => run(() => pinning.unpin(message.id))}>
                {texts.unpin}
              </button>
            )}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
