import type { NewEvent } from '@fechatter/drizzle';
import { currentSpan, setCurrentSpanAttributes } from '@fechatter/service-kit';

/** Adds the attributes by which the spans of the event's delivery can be found. */
export function traceFirst([first]: readonly NewEvent[]): void {
  if (first === undefined || currentSpan() === undefined) return;
  const { chatId, chatSeq, workspaceId, workspaceSeq } = first;
  setCurrentSpanAttributes({
    'fechatter.chat_id': chatId,
    'fechatter.seq': chatSeq,
    'fechatter.workspace_id': workspaceId,
    'fechatter.workspace_seq': workspaceSeq,
  });
}
