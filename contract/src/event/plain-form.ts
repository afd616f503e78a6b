/** The plain form: an SSE event name and snake_case data without content. */
export interface PlainEvent {
  readonly event: string;
  readonly data: Readonly<Record<string, string | number | boolean | null | readonly number[]>>;
}

type PlainValue = string | number | boolean | null | readonly number[] | { readonly [key: string]: PlainValue };
/** The plain form of a signal, whose data may have parts. */
export interface PlainSignal {
  readonly event: string;
  readonly data: Readonly<Record<string, PlainValue>>;
}

/** The plain form of every kind that reports a change of a chat; `type` is what changed. */
export const ofChat = (e: { chatId: string; seq: number }, type: string, userId?: string): PlainEvent => ({
  event: 'chat_update',
  data: { chat_id: e.chatId, seq: e.seq, type, ...(userId !== undefined && { user_id: userId }) },
});

/** The same for a workspace. */
export const ofWorkspace = (e: { workspaceId: string }, type: string, userId?: string): PlainEvent => ({
  event: 'workspace_update',
  data: { workspace_id: e.workspaceId, type, ...(userId !== undefined && { user_id: userId }) },
});
