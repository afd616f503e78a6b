import { z } from 'zod';
import type { PlainEvent } from './event/plain-form.ts';
import { Id, Seq } from './ids.ts';

// Signals are not in the log: they have no seq and no id, may be lost, and are sent on live streams only and never
// replayed.

/** Defines one kind of signal: its shape, its plain form, and who receives it. */
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

/** How often at most others are told that a person types in one place, and that they have stopped. */
const TYPING_EVERY_MS = 3_000;

/** Every kind of signal. */
export const signals = [
  signal({
    kind: 'typing',
    // In the main timeline, or in the thread of the message with this id.
    shape: { ...ofChat, threadId: Id.nullable(), isTyping: z.boolean() },
    key: ({ chatId, threadId, userId }) => `${chatId} ${threadId} ${userId}`,
    membersMax: 100,
    // A beginning does not keep its end back.
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
    // The highest number that the person has read. People have read what they sent: no signal says that again.
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

export type SignalDefinition = (typeof signals)[number];
export type SignalKind = SignalDefinition['kind'];
type SignalOf<D> = D extends { schema: z.ZodType<infer S> } ? S : never;
/** A signal, in the form that a subscription yields. */
export type Signal = SignalOf<SignalDefinition>;

const byKind = new Map<string, SignalDefinition>(signals.map((definition) => [definition.kind, definition]));

/** The definition of a kind; undefined for one that this build does not know. */
export const definitionOfSignal = (kind: string): SignalDefinition | undefined => byKind.get(kind);

/** The key of a signal among those that wait. */
export const keyOfSignal = (signal: Signal): string => `${signal.kind} ${known(signal).key(signal as never)}`;

/** Whether `next` replaces `before`; both have the same key. */
export const supersedes = (next: Signal, before: Signal): boolean =>
  known(next).supersedes(next as never, before as never);

/** How often at most a signal like this one is sent, and which signals are like it; undefined: as often as there is one. */
export function thinningOf(signal: Signal): { readonly everyMs: number; readonly key: string } | undefined {
  const { thinned } = known(signal);
  return thinned && { everyMs: thinned.everyMs, key: `${signal.kind} ${thinned.key(signal as never)}` };
}

export const isSignal = (event: { readonly kind: string }): event is Signal => byKind.has(event.kind);

/** The plain form of a signal, for clients without tRPC. */
export const plainSignal = (signal: Signal): PlainEvent => known(signal).plain(signal as never);

function known({ kind }: Signal): SignalDefinition {
  const definition = byKind.get(kind);
  if (definition === undefined) throw new Error(`no such kind of signal: ${kind}`);
  return definition;
}
