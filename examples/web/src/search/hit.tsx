import type { ChatRow, SearchHit } from '@fechatter/client';
import { chatter } from '../chatter.ts';
import { goWhen, messageLink } from '../route.ts';
import { dateAndTimeOf } from '../texts/when.ts';
import { useCall } from '../ui/use-call.ts';
import { excerptOf } from './excerpt.ts';
import { texts } from './texts.ts';

export interface HitProps {
  readonly hit: SearchHit;
  /** Undefined: a channel that the person has not joined. */
  readonly chat: ChatRow | undefined;
  readonly workspaceId: string;
  readonly onOpen: () => void;
}

/** A found message, with its matches marked; it links to its place in the conversation. */
export function Hit({ hit: { message, ranges }, chat, workspaceId, onOpen }: HitProps) {
  const { run, problem } = useCall();
  const open = async () => {
    // A reply is shown below the message to which it belongs.
    const place =
      message.threadId === null
        ? message
        : await chatter.message.get.query({ chatId: message.chatId, messageId: message.threadId });
    return messageLink({ workspaceId, id: message.chatId }, place.number);
  };
  return (
    <li>
      <button type="button" className="hit" onClick={() => run(() => goWhen(open()).then(onOpen))}>
        <span className="who">
          <strong dir="auto">{message.sender.name}</strong>{' '}
          <span dir="auto">{texts.in(chat?.name ?? texts.aChannel)}</span>{' '}
          <time dateTime={message.createdAt.toISOString()}>{dateAndTimeOf(message.createdAt)}</time>
        </span>
        <span className="excerpt" dir="auto">
          {excerptOf(message.content, ranges).map(({ text, isMatch }, at) =>
            isMatch ? <mark key={at}>{text}</mark> : <span key={at}>{text}</span>,
          )}
        </span>
      </button>
      {problem !== undefined && <span className="problem">{problem}</span>}
    </li>
  );
}
