import { z } from 'zod';
import type { PlainEvent } from './event/plain-form.ts';
import { Id, Seq } from './ids.ts';

// Signals are not in the log: no seq, no id of their own, may be lost, told on live streams only and never replayed.

/** One kind of signal: its shape, its plain form, and to whom it is told, in one place. */
function signal<const Kind extends string, Shape extends z.ZodRawShape & typeof ofChat>(definition: {
  kind: Kind;
  shape: Shape;
  /** Signals with the same key stand for each other: of several that wait, only the newest is told. */
  key: (signal: z.infer<z.ZodObject<Shape>>) => string;
  /** Whether `next` may take the place of `before`, which has the same key. Left out: always. */
  supersedes?: (next: z.infer<z.ZodObject<Shape>>, before: z.infer<z.ZodObject<Shape>>) => boolean;
  /** Chats with more members than this are not told. */
  membersMax: number;
  plain: (signal: z.infer<z.ZodObject<Shape>>) => PlainEvent;
}) {
  type Signal = { kind: Kind } & z.infer<z.ZodObject<Shape>>;
  return {
    kind: definition.kind,
    membersMax: definition.membersMax,
    schema: z.object({ kind: z.literal(definition.kind), ...definition.shape }) as unknown as z.ZodType<Signal>,
    key: definition.key as (signal: never) => string,
    supersedes: (definition.supersedes ?? (() => true)) as (next: never, before: never) => boolean,
    plain: definition.plain as (signal: never) => PlainEvent,
  };
}

/** The person that a signal is about, and the chat: its other members receive it. */
const ofChat = { chatId: Id, userId: Id };

/** Every kind of signal. */
export const signals = [
  signal({
    kind: 'seen',
    // Up to which number the person has read, at the most. What a person has sent, they have read: that is not told again.
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

/** What stands for a signal among those that wait. */
export const keyOfSignal = (signal: Signal): string => `${signal.kind} ${known(signal).key(signal as never)}`;

/** Whether `next` may take the place of `before`; both have the same key. */
export const supersedes = (next: Signal, before: Signal): boolean =>
  known(next).supersedes(next as never, before as never);

export const isSignal = (event: { readonly kind: string }): event is Signal => byKind.has(event.kind);

/** The plain form of a signal, for clients without tRPC. */
export const plainSignal = (signal: Signal): PlainEvent => known(signal).plain(signal as never);

function known({ kind }: Signal): SignalDefinition {
  const definition = byKind.get(kind);
  if (definition === undefined) throw new Error(`no such kind of signal: ${kind}`);
  return definition;
}
