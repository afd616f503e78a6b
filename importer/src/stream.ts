import type { ChatType, Role, UserKind } from '@fechatter/contract';

// The intermediate stream: what every parser yields and the loader reads, one item after the other, so that neither holds
// more than one. A new source needs only a parser: a function that returns an `ImportStream`.
//
// Order: a person with an address comes before the chats and messages that name them, a chat before its messages, a custom emoji before
// the messages with it. Messages
// come in any order; those of the same time stay in the order of the stream, so the stream must be the same each time
// that the same file is read. People whom the source does not describe need no item: they are made when they are named.

/** A key: the source's own id, unique among things of the same type in that source (of messages: in their chat). */
export type SourceKey = string;

/** A person, bot or webhook of the source. */
export interface ImportedPerson {
  readonly type: 'person';
  readonly key: SourceKey;
  readonly name: string;
  /** `Person` if absent. A bot or webhook cannot be recognised or claimed. */
  readonly kind?: UserKind | undefined;
  /** Their address, as the source says. It only finds a member of the workspace who has verified it. */
  readonly email?: string | undefined;
  /** Their account here, if the source is this installation's own export. It only finds a member of the workspace. */
  readonly userId?: string | undefined;
  /** In the source as a whole. It gives no rights here, and is only reported. */
  readonly role?: 'Owner' | 'Admin' | undefined;
  /** An https URL. */
  readonly avatarUrl?: string | undefined;
}

/** A member of a chat. */
export interface ImportedMember {
  readonly person: SourceKey;
  /** In the chat; `Member` if absent. */
  readonly role?: Role | undefined;
}

/** A channel, group or direct chat. */
export interface ImportedChat {
  readonly type: 'chat';
  readonly key: SourceKey;
  readonly name: string;
  /** A `Single` chat has two members; one with other members becomes a Group. */
  readonly chatType: ChatType;
  readonly topic?: string | undefined;
  readonly members: readonly ImportedMember[];
  readonly creator?: SourceKey | undefined;
  readonly whoPosts?: 'All' | 'Admins' | undefined;
  readonly isArchived?: boolean | undefined;
  /** When it was archived; the time of the import if absent. */
  readonly archivedAtUs?: number | undefined;
  /** Microseconds since 1970. */
  readonly createdAtUs?: number | undefined;
}

/** A custom emoji, `:key:` in texts and reactions. */
export interface ImportedEmoji {
  readonly type: 'emoji';
  /** Its name in the source, without colons. */
  readonly key: SourceKey;
  readonly picture?: Pick<ImportedContent, 'open'> | undefined;
  readonly creator?: SourceKey | undefined;
  readonly createdAtUs?: number | undefined;
}

/** A piece of a message's text: text as it is, or a mention. */
export type TextPiece = string | { readonly person: SourceKey } | { readonly everyone: true };

/** One person's reaction. */
export interface ImportedReaction {
  /** A Unicode emoji, or `:key:` of a custom one; anything else is not imported, but reported. */
  readonly emoji: string;
  readonly people: readonly SourceKey[];
}

/** A file of a message. Without content only its name comes. */
export interface ImportedFile {
  readonly name: string;
  /** What the source takes it for. */
  readonly mime?: string | undefined;
  readonly content?: ImportedContent | undefined;
}

/** The bytes of a file, which the loader reads before it takes the next item. */
export interface ImportedContent {
  readonly sizeBytes: number;
  /** Throws a {@link MissingContent} if they cannot be had. */
  readonly open: () => Promise<AsyncIterable<Uint8Array>>;
}

/** The content of a file cannot be had; the message is a fixed sentence, by which it is counted. */
export class MissingContent extends Error {}

/** A message. */
export interface ImportedMessage {
  readonly type: 'message';
  readonly chat: SourceKey;
  /** Identifies it within its chat: a string, never a number that was rounded. */
  readonly key: SourceKey;
  /** Microseconds since 1970. */
  readonly atUs: number;
  readonly sender: SourceKey;
  /** Used if the sender is described nowhere. */
  readonly senderName?: string | undefined;
  /** Used likewise; `Person` if absent. */
  readonly senderKind?: UserKind | undefined;
  readonly text: readonly TextPiece[];
  /** The message of the same chat's main timeline that it is a reply to. */
  readonly thread?: SourceKey | undefined;
  /** The message of the same chat that it quotes. */
  readonly quoted?: SourceKey | undefined;
  readonly editedAtUs?: number | undefined;
  /** Its place in the history is kept, without content. */
  readonly isDeleted?: boolean | undefined;
  readonly isPinned?: boolean | undefined;
  /** When it was pinned; the message's own time if absent. */
  readonly pinnedAtUs?: number | undefined;
  readonly reactions?: readonly ImportedReaction[] | undefined;
  readonly files?: readonly ImportedFile[] | undefined;
  /** What an app stored with it: at most 4,096 code units. */
  readonly data?: string | undefined;
}

/** Something of the source that could not be read. */
export interface ImportProblem {
  readonly type: 'problem';
  /** A fixed sentence, without names: problems are counted by it. */
  readonly reason: string;
  /** Where it is: a file, a line, a key. */
  readonly where: string;
  /** How often it is there; once if absent. */
  readonly count?: number | undefined;
}

export type ImportItem = ImportedPerson | ImportedChat | ImportedEmoji | ImportedMessage | ImportProblem;
export type ImportStream = AsyncIterable<ImportItem>;
