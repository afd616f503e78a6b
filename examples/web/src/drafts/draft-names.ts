/** The name of the draft of a new message in a chat. */
export const messageDraft = (chatId: string) => `${chatId}/message`;

/** The name of the draft of a reply in a thread. */
export const replyDraft = (chatId: string, rootId: string) => `${chatId}/thread/${rootId}`;

/** The name of the draft of an edit. */
export const editDraft = ({ chatId, threadId, number, id }: EditedMessage) =>
  `${chatId}/edit/${number}/${id}${threadId === null ? '' : `/${threadId}`}`;

/** The prefix of all drafts of a chat. */
export const draftsOf = (chatId: string) => `${chatId}/`;

/** The chat that a draft belongs to. */
export const chatOf = (name: string): string => name.split('/')[0] ?? '';

export interface EditedMessage {
  readonly chatId: string;
  /** The root of its thread; null in the chat itself. */
  readonly threadId: string | null;
  /** The number of the message in its chat or thread. */
  readonly number: number;
  readonly id: string;
}

/** The message that a draft edits; undefined for a draft of a new one. */
export function editedIn(name: string): EditedMessage | undefined {
  const [chatId, kind, number, id, threadId = null] = name.split('/');
  return kind === 'edit' && chatId !== undefined && id !== undefined
    ? { chatId, threadId, number: Number(number), id }
    : undefined;
}
