import { definitionOfCode } from '@fechatter/contract';
import type { LogEntry, TailRead } from '@fechatter/drizzle';
import { inSpan, type Observer, recordSpan } from '@fechatter/service-kit';

export interface ReadWatch {
  /** Seconds from the writing of a row to the end of the turn in which it was sent to its readers. */
  readonly lag: Observer;
  /** How far the database's clock is ahead of this one; undefined before the first measurement. */
  readonly clockOffsetMs: () => number | undefined;
}

/**
 * Fans a read out in a span, and records the age of its rows when they were sent. The log contains no trace ids: a
 * row's span has the chat and the seq, like the span of the call on the server, which connects the two.
 */
export function watchedRead(
  read: TailRead,
  { lag, clockOffsetMs }: ReadWatch,
  pass: () => Promise<void>,
): Promise<void> {
  if (read.entries.length === 0) return pass();
  const [first] = read.entries;
  const attributes = { 'fechatter.first_pos': first?.pos ?? 0, 'fechatter.rows': read.entries.length };
  return inSpan('tail batch', { of: 'consumer', attributes }, async (span) => {
    const beganAt = Date.now();
    await pass();
    const offsetMs = clockOffsetMs();
    if (offsetMs !== undefined) {
      const databaseNow = Date.now() + offsetMs;
      for (const { createdAt } of read.entries) lag.observe(Math.max(0, databaseNow - createdAt.getTime()) / 1_000);
    }
    if (span.isRecording()) for (const entry of read.entries) recordSpan('deliver', beganAt, attributesOf(entry));
  });
}

/** Ids and positions, never content. */
function attributesOf({ pos, code, chatId, chatSeq, workspaceId, workspaceSeq, subjectId }: LogEntry) {
  return {
    'fechatter.pos': pos,
    'fechatter.kind': definitionOfCode(code)?.kind ?? 'unknown',
    ...(chatId !== null && { 'fechatter.chat_id': chatId }),
    ...(chatSeq !== null && { 'fechatter.seq': chatSeq }),
    ...(workspaceId !== null && { 'fechatter.workspace_id': workspaceId }),
    ...(workspaceSeq !== null && { 'fechatter.workspace_seq': workspaceSeq }),
    ...(subjectId !== null && { 'fechatter.subject_id': subjectId }),
  };
}
