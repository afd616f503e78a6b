import { useMessage } from '@fechatter/client/react';
import { usePlace } from '../chat/place.ts';
import { usePlain } from '../markdown/use-plain.ts';
import { linkOfMessage } from '../route.ts';
import { texts } from './texts.ts';

export interface QuoteProps {
  readonly chatId: string;
  readonly quotedId: string;
}

/** Above a message: the one that it quotes, as it is now; it leads there. */
export function Quote({ chatId, quotedId }: QuoteProps) {
  const { workspaceId } = usePlace();
  const quoted = useMessage(chatId, quotedId);
  const plain = usePlain(workspaceId);
  if (quoted === undefined) return <p className="quote">…</p>;
  if (quoted === null || quoted.deletedAt !== null) return <p className="quote quiet">{texts.deleted}</p>;
  return (
    <a className="quote" href={linkOfMessage(quoted, workspaceId)} title={texts.goTo(quoted.sender.name)}>
      <strong dir="auto">{quoted.sender.name}</strong> <span dir="auto">{plain(quoted.content)}</span>
    </a>
  );
}
