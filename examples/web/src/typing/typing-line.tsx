import { useTyping } from '@fechatter/client/react';
import { usePeople } from '../people/people.ts';
import { texts } from './texts.ts';

const NAMED_MAX = 3;

export interface TypingLineProps {
  readonly chatId: string;
  readonly rootId: string | undefined;
  readonly workspaceId: string;
}

/** Who is typing. It always has its height, so that nothing moves; it is not announced, because it changes all the time. */
export function TypingLine({ chatId, rootId, workspaceId }: TypingLineProps) {
  const typing = useTyping(chatId, rootId);
  const people = usePeople(workspaceId);
  const names = typing.map((id) => people.get(id)?.name ?? texts.someone);
  return (
    <p className="typing" dir="auto">
      {names.length > NAMED_MAX ? texts.several : names.length > 0 && texts.typing(names)}
    </p>
  );
}
