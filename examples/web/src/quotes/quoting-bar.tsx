import type { Message } from '@fechatter/client';
import { useMessage } from '@fechatter/client/react';
import { useEffect } from 'react';
import { usePlain } from '../markdown/use-plain.ts';
import { Icon } from '../ui/icon.tsx';
import { texts } from './texts.ts';

export interface QuotingBarProps {
  readonly quoted: Message;
  readonly workspaceId: string;
  readonly onRemove: () => void;
}

/** Above the composer: the message that the next one will quote, as it is now. One that is deleted is not quoted any more. */
export function QuotingBar({ quoted, workspaceId, onRemove }: QuotingBarProps) {
  const now = useMessage(quoted.chatId, quoted.id);
  const isGone = now === null || (now !== undefined && now.deletedAt !== null);
  useEffect(() => {
    // With it the message would be refused.
    if (isGone) onRemove();
  }, [isGone]);
  const { sender, content } = now ?? quoted;
  const plain = usePlain(workspaceId);
  return (
    <div className="quoting">
      <Icon name="quote" />
      <p role="status">
        <strong dir="auto">{texts.quoting(sender.name)}</strong>{' '}
        <span className="quiet" dir="auto">
          {plain(content)}
        </span>
      </p>
      <button type="button" className="icon" aria-label={texts.remove} title={texts.remove} onClick={onRemove}>
        <Icon name="close" />
      </button>
    </div>
  );
}
