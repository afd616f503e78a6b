import { z } from 'zod';
import { Id, Seq } from '../ids.ts';
import type { LogRow } from './log-row.ts';
import type { NounName, Nouns } from './nouns.ts';
import type { PlainEvent } from './plain-form.ts';
import { NIL_ID, standInsFor } from './stand-in.ts';

/**
 * What a row does to memberships: to that of its subject, or to those of everyone in its audience. `changes`: its
 * subject may become a Guest, or stop being one.
 */
export type PeriodEffect = 'opens' | 'opens_all' | 'ends' | 'ends_all' | 'changes';

const scopes = {
  /** Everyone in a chat; with workspaceSeq the whole workspace sees it (public channels). */
  chat: {
    shape: { chatId: Id, seq: Seq, workspaceId: Id.optional(), workspaceSeq: Seq.optional() },
    read: (row: LogRow) => ({
      chatId: row.chatId ?? NIL_ID,
      seq: row.chatSeq ?? 0,
      ...(row.workspaceSeq !== null && { workspaceId: row.workspaceId ?? NIL_ID, workspaceSeq: row.workspaceSeq }),
    }),
  },
  /** Everyone in a chat or, without a seq, one person: of a file that only they can see. */
  file: {
    shape: { chatId: Id, seq: Seq.optional() },
    read: (row: LogRow) => ({ chatId: row.chatId ?? NIL_ID, ...(row.chatSeq !== null && { seq: row.chatSeq }) }),
  },
  workspace: {
    shape: { workspaceId: Id, workspaceSeq: Seq },
    read: (row: LogRow) => ({ workspaceId: row.workspaceId ?? NIL_ID, workspaceSeq: row.workspaceSeq ?? 0 }),
  },
  /** One person or, for what others see of them, each workspace that they are in. */
  user: {
    shape: { workspaceId: Id.optional(), workspaceSeq: Seq.optional() },
    read: (row: LogRow) =>
      row.workspaceSeq === null ? {} : { workspaceId: row.workspaceId ?? NIL_ID, workspaceSeq: row.workspaceSeq },
  },
} as const;
type ScopeName = keyof typeof scopes;
type ScopeFields<S extends ScopeName> = z.infer<z.ZodObject<(typeof scopes)[S]['shape']>>;

/** What an event is made from: a row's references ({@link NIL_ID} for one that it lacks), its facts and its nouns. */
type Source<Facts extends z.ZodRawShape, Needs extends NounName> = {
  readonly workspaceId: string;
  readonly chatId: string;
  readonly subjectId: string;
  /** The chat's; 0 for a row without one. */
  readonly seq: number;
  readonly facts: z.infer<z.ZodObject<Facts>>;
} & Pick<Nouns, Needs>;

/** The complete definition of one kind of event: the log, the services and the documents read it from here. */
interface Definition<
  Kind extends string,
  Scope extends ScopeName,
  Shape extends z.ZodRawShape,
  Facts extends z.ZodRawShape,
  Needs extends NounName,
> {
  readonly kind: Kind;
  /** Its number in the log. Never reused. */
  readonly code: number;
  readonly scope: Scope;
  /**
   * The release that introduced this kind, as long as the previous release may still run beside it: until all running
   * processes know the kind, a change that announces it is refused as `upgrading`.
   */
  readonly since?: string;
  /** What it shows: the log reads these nouns with the row. */
  readonly needs?: readonly Needs[];
  /** The nouns of the row that it changes: anything that shows them must be read again. */
  readonly changes?: readonly NounName[];
  readonly effect?: PeriodEffect;
  /**
   * Whether it removes something, or with which facts: then it overtakes events before it. Events that end periods
   * always do.
   */
  readonly takesAway?: true | ((facts: z.infer<z.ZodObject<Facts>>) => boolean);
  /** Whether an event of a workspace's audience is for its Guests too. Others see only those that `canSee` names. */
  readonly isForGuests?: true;
  /** What its row contains in addition to references: roles and counters, never content or names. */
  readonly facts?: z.ZodObject<Facts>;
  /** What it carries in addition to its scope. */
  readonly shape: Shape;
  readonly read: (source: Source<Facts, Needs>) => z.input<z.ZodObject<Shape>>;
  readonly plain: (event: ScopeFields<Scope> & z.infer<z.ZodObject<Shape>>) => PlainEvent;
}

/** Defines one kind of event. Put it into its noun's list, which is in the registry. */
export function defineEvent<
  const Kind extends string,
  Scope extends ScopeName,
  Shape extends z.ZodRawShape,
  // biome-ignore lint/complexity/noBannedTypes: no facts at all
  Facts extends z.ZodRawShape = {},
  Needs extends NounName = never,
>(definition: Definition<Kind, Scope, Shape, Facts, Needs>) {
  type Event = { kind: Kind } & ScopeFields<Scope> & z.infer<z.ZodObject<Shape>>;
  const { kind, code, since, needs = [], changes = [], effect, isForGuests = false } = definition;
  const takesAway = definition.takesAway ?? (effect === 'ends' || effect === 'ends_all');
  const scope = scopes[definition.scope];
  const schema = z.object({ kind: z.literal(kind), ...scope.shape, ...definition.shape });
  const facts = definition.facts ?? (z.object({}) as unknown as z.ZodObject<Facts>);
  const factsOf = factsReader(facts);
  return {
    kind,
    code,
    since,
    needs,
    changes,
    effect,
    isForGuests,
    /** Whether every event of this kind takes something away. */
    takesAway: takesAway === true,
    /** Whether an event with these facts does. */
    takesAwayWith: (given: unknown): boolean =>
      typeof takesAway === 'boolean' ? takesAway : takesAway(given as z.infer<z.ZodObject<Facts>>),
    facts,
    schema: schema as unknown as z.ZodType<Event>,
    plain: definition.plain as (event: never) => PlainEvent,
    /**
     * The event of a row. Never throws, whatever the row contains: facts that cannot be read are replaced by stand-ins,
     * and `onUnreadable` is called.
     */
    read: (row: LogRow, nouns: Pick<Nouns, Needs>, onUnreadable: (error: unknown) => void = () => {}): Event => {
      const source = {
        workspaceId: row.workspaceId ?? NIL_ID,
        chatId: row.chatId ?? NIL_ID,
        subjectId: row.subjectId ?? NIL_ID,
        seq: row.chatSeq ?? 0,
        facts: factsOf(row, onUnreadable),
        ...nouns,
      };
      return { kind, ...scope.read(row), ...definition.read(source) } as unknown as Event;
    },
  };
}

/**
 * Reads the facts of rows. The stand-in of each fact is determined here, once: a kind with a fact that has no stand-in
 * fails to load.
 */
function factsReader<Facts extends z.ZodRawShape>(schema: z.ZodObject<Facts>) {
  type Read = z.infer<z.ZodObject<Facts>>;
  const shape: z.ZodRawShape = schema.shape;
  const standIns = standInsFor(shape);
  if (Object.keys(shape).length === 0) return () => standIns as Read;
  return (row: LogRow, onUnreadable: (error: unknown) => void): Read => {
    const whole = schema.safeParse(row.facts);
    if (whole.success) return whole.data;
    onUnreadable(whole.error);
    const given: unknown = row.facts;
    const facts = typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {};
    const readable = Object.entries(shape).flatMap(([name, fact]) => {
      const { success, data } = z.safeParse(fact, facts[name]);
      return success ? [[name, data] as const] : [];
    });
    return { ...standIns, ...Object.fromEntries(readable) } as Read;
  };
}
