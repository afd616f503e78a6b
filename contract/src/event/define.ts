import { z } from 'zod';
import type { Chat } from '../chat/chat.ts';
import { Id, Seq } from '../ids.ts';
import type { Message } from '../message/message.ts';
import type { MemberUser } from '../user/user.ts';
import type { WorkspaceProfile } from '../workspace/workspace.ts';
import type { LogRow } from './log-row.ts';
import type { PlainEvent } from './plain-form.ts';

/** What an event may show beside its references, read when it is delivered. */
export interface Nouns {
  message: Message;
  chat: Chat;
  user: MemberUser;
  workspace: WorkspaceProfile;
}
export type NounName = keyof Nouns;

/** What a row does to memberships: those of its subject, or those of everyone in its audience. */
export type PeriodEffect = 'opens' | 'opens_all' | 'ends' | 'ends_all';

const scopes = {
  /** Everyone in a chat; workspaceSeq too where the whole workspace sees it (public channels). */
  chat: {
    shape: { chatId: Id, seq: Seq, workspaceId: Id.optional(), workspaceSeq: Seq.optional() },
    read: (row: LogRow) => ({
      chatId: row.chatId ?? '',
      seq: row.chatSeq ?? 0,
      ...(row.workspaceSeq !== null && { workspaceId: row.workspaceId ?? '', workspaceSeq: row.workspaceSeq }),
    }),
  },
  workspace: {
    shape: { workspaceId: Id, workspaceSeq: Seq },
    read: (row: LogRow) => ({ workspaceId: row.workspaceId ?? '', workspaceSeq: row.workspaceSeq ?? 0 }),
  },
  /** One person, or (for what others see of them) each workspace that they are in. */
  user: {
    shape: { workspaceId: Id.optional(), workspaceSeq: Seq.optional() },
    read: (row: LogRow) =>
      row.workspaceSeq === null ? {} : { workspaceId: row.workspaceId ?? '', workspaceSeq: row.workspaceSeq },
  },
} as const;
type ScopeName = keyof typeof scopes;
type ScopeFields<S extends ScopeName> = z.infer<z.ZodObject<(typeof scopes)[S]['shape']>>;

/** One kind of event: its number in the log, what it needs, its shape and its plain form, in one place. */
export function defineEvent<
  const Kind extends string,
  Scope extends ScopeName,
  Shape extends z.ZodRawShape,
  Needs extends NounName = never,
>(definition: {
  kind: Kind;
  /** Its number in the log. Never reused. Codes from 30 to 39 take something away: they overtake (see the log). */
  code: number;
  scope: Scope;
  needs?: readonly Needs[];
  shape: Shape;
  effect?: PeriodEffect;
  read: (row: LogRow, nouns: Pick<Nouns, Needs>) => z.input<z.ZodObject<Shape>>;
  plain: (event: ScopeFields<Scope> & z.infer<z.ZodObject<Shape>>) => PlainEvent;
}) {
  const scope = scopes[definition.scope];
  const schema = z.object({ kind: z.literal(definition.kind), ...scope.shape, ...definition.shape });
  type Event = { kind: Kind } & ScopeFields<Scope> & z.infer<z.ZodObject<Shape>>;
  return {
    kind: definition.kind,
    code: definition.code,
    needs: definition.needs ?? [],
    effect: definition.effect,
    schema: schema as unknown as z.ZodType<Event>,
    plain: definition.plain as (event: never) => PlainEvent,
    read: (row: LogRow, nouns: Pick<Nouns, Needs>): Event =>
      ({ kind: definition.kind, ...scope.read(row), ...definition.read(row, nouns) }) as unknown as Event,
  };
}
