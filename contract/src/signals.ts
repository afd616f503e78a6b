import { z } from 'zod';
import type { PlainEvent, PlainSignal } from './event/plain-form.ts';
import { Id, Seq } from './ids.ts';
import type { Presence } from './presence/presence.ts';

// Signals are not in the log: they have no seq and no id, may be lost, and are sent on live streams only and never
// replayed.

/** Defines one kind of signal about a chat: its shape, its plain form, and who receives it. */
function signal<const Kind extends string, Shape extends z.ZodRawShape & typeof ofChat>(definition: {
  kind: Kind;
  shape: Shape;
  /** Signals with the same key replace each other: of several that wait, only the newest is sent. */
  key: (signal: z.infer<z.ZodObject<Shape>>) => string;
  /** Whether `next` replaces `before`, which has the same key. Default: always. */
  supersedes?: (next: z.infer<z.ZodObject<Shape>>, before: z.infer<z.ZodObject<Shape>>) => boolean;
  /** Not sent in chats with more members than this. */
  membersMax: number;
  /** A signal that repeats one with this key within this time is dropped. Default: every signal is sent. */
  thinned?: { everyMs: number; key: (signal: z.infer<z.ZodObject<Shape>>) => string };
  plain: (signal: z.infer<z.ZodObject<Shape>>) => PlainEvent;
}) {
  type Signal = { kind: Kind } & z.infer<z.ZodObject<Shape>>;
  return {
    kind: definition.kind,
    membersMax: definition.membersMax,
    schema: z.object({ kind: z.literal(definition.kind), ...definition.shape }) as unknown as z.ZodType<Signal>,
    key: definition.key as (signal: never) => string,
    supersedes: (definition.supersedes ?? (() => true)) as (next: never, before: never) => boolean,
    thinned: definition.thinned as { everyMs: number; key: (signal: never) => string } | undefined,
    plain: definition.plain as (signal: never) => PlainEvent,
  };
}

/** The person that a signal is about, and the chat, whose other members receive it. */
const ofChat = { chatId: Id, userId: Id };

/** The minimum time between two signals that a person is typing, or has stopped, in one place. */
const TYPING_EVERY_MS = 3_000;

/**
 * Every kind of signal about a chat. They are sent to all instances, each of which passes them to the members that it
 * has.
 */
export const chatSignals = [
  signal({
    kind: 'typing',
    // In the main timeline, or in the thread of the message with this id.
    shape: { ...ofChat, threadId: Id.nullable(), isTyping: z.boolean() },
    key: ({ chatId, threadId, userId }) => `${chatId} ${threadId} ${userId}`,
    membersMax: 100,
    // A start and a stop are thinned separately.
    thinned: {
      everyMs: TYPING_EVERY_MS,
      key: ({ chatId, threadId, userId, isTyping }) => `${chatId} ${threadId} ${userId} ${isTyping}`,
    },
    plain: (s) => ({
      event: 'typing',
      data: {
        chat_id: s.chatId,
        ...(s.threadId !== null && { thread_id: s.threadId }),
        user_id: s.userId,
        is_typing: s.isTyping,
      },
    }),
  }),
  signal({
    kind: 'seen',
    // The highest number that the person has read. Sending implies reading, so a send makes no signal.
    shape: { ...ofChat, lastReadNumber: Seq },
    key: ({ chatId, userId }) => `${chatId} ${userId}`,
    supersedes: (next, before) => next.lastReadNumber >= before.lastReadNumber,
    membersMax: 50,
    plain: (s) => ({
      event: 'seen',
      data: { chat_id: s.chatId, user_id: s.userId, last_read_number: s.lastReadNumber },
    }),
  }),
] as const;

export type SignalDefinition = (typeof chatSignals)[number];
export type ChatSignalKind = SignalDefinition['kind'];
type SignalOf<D> = D extends { schema: z.ZodType<infer S> } ? S : never;
/** A signal about a chat, for its members. */
export type ChatSignal = SignalOf<SignalDefinition>;
/** A person's presence, for the streams that watch them; each instance makes it from what it reads. */
export type PresenceSignal = { readonly kind: 'presence' } & Presence;
/** A signal, in the form that a subscription yields. */
export type Signal = ChatSignal | PresenceSignal;
export type SignalKind = Signal['kind'];

const byKind = new Map<string, SignalDefinition>(chatSignals.map((definition) => [definition.kind, definition]));

/** Every kind of signal. */
export const signalKinds: readonly SignalKind[] = [...chatSignals.map(({ kind }) => kind), 'presence'];

/** The definition of a kind of signals about chats; undefined for one that this build does not know. */
export const definitionOfSignal = (kind: string): SignalDefinition | undefined => byKind.get(kind);

/** The key of a signal among those that wait. */
export const keyOfSignal = (signal: ChatSignal): string => `${signal.kind} ${known(signal).key(signal as never)}`;

/** Whether `next` replaces `before`; both have the same key. */
export const supersedes = (next: ChatSignal, before: ChatSignal): boolean =>
  known(next).supersedes(next as never, before as never);

/** The minimum time between signals like this one, and the key of those that are alike; undefined: not thinned. */
export function thinningOf(signal: ChatSignal): { readonly everyMs: number; readonly key: string } | undefined {
  const { thinned } = known(signal);
  return thinned && { everyMs: thinned.everyMs, key: `${signal.kind} ${thinned.key(signal as never)}` };
}

export const isSignal = (event: { readonly kind: string }): event is Signal =>
  event.kind === 'presence' || byKind.has(event.kind);

/** The plain form of a signal, for clients without tRPC. */
export function plainSignal(signal: Signal): PlainSignal {
  if (signal.kind !== 'presence') return known(signal).plain(signal as never);
  const { userId, presence, customStatus: status } = signal;
  const custom = status && {
    emoji: status.emoji,
    text: status.text,
    expires_at: status.expiresAt?.toISOString() ?? null,
  };
  return { event: 'presence', data: { user_id: userId, presence, custom_status: custom } };
}

function known({ kind }: ChatSignal): SignalDefinition {
  const definition = byKind.get(kind);
  if (definition === undefined) throw new Error(`no such kind of signal: ${kind}`);
  return definition;
}
