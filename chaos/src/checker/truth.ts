import type { Store } from '../system/store.ts';

/** A row of the log with its position. */
export interface TrueRow {
  readonly id: number;
  readonly pos: number;
  readonly nonce: number;
  readonly code: number;
  readonly workspaceId: string | null;
  readonly workspaceSeq: number | null;
  readonly chatId: string | null;
  readonly chatSeq: number | null;
  readonly userId: string | null;
  readonly subjectId: string | null;
  /** Only for a membership that begins or changes. */
  readonly role: string | null;
  /** The chats with Guests that a person was in, with their seqs, as the row has them. */
  readonly sharedChats: Readonly<Record<string, number>> | null;
}

export interface TruePeriod {
  readonly joinedSeq: number;
  readonly leftSeq: number | null;
}

/** The content of the database when nothing changes any more. */
export interface Truth {
  /** Ordered by position. */
  readonly rows: readonly TrueRow[];
  readonly rowAt: ReadonlyMap<number, TrueRow>;
  readonly lastPos: number;
  /** Rows of the log without a position, and positions without a row. */
  readonly unnumbered: readonly number[];
  /** By user, then by workspace or chat id. */
  readonly periods: ReadonlyMap<string, ReadonlyMap<string, readonly TruePeriod[]>>;
  readonly workspaceOf: ReadonlyMap<string, string>;
  /** People whose accounts were erased. */
  readonly erased: ReadonlySet<string>;
  /** The id of the row at a seq of a chat or workspace. */
  readonly rowOfSeq: (audience: string, seq: number) => TrueRow | undefined;
}

const numbers = ['id', 'pos', 'nonce', 'code', 'workspaceSeq', 'chatSeq'] as const;

/** Reads the database. Pruned partitions must have been restored. */
export async function readTruth(store: Store): Promise<Truth> {
  const raw = await store.query<Record<string, unknown>>(
    `select o.pos, o.nonce, e.id, e.code, e.workspace_id as "workspaceId", e.workspace_seq as "workspaceSeq",
       e.chat_id as "chatId", e.chat_seq as "chatSeq", e.user_id as "userId", e.subject_id as "subjectId",
       e.facts ->> 'role' as role, e.facts -> 'sharedChats' as "sharedChats"
     from log_order o join event_log e on e.id = o.event_id order by o.pos`,
  );
  const rows = raw.map((row) => {
    for (const name of numbers) if (row[name] !== null) row[name] = Number(row[name]);
    return row as unknown as TrueRow;
  });
  const unnumbered = await store.query<{ id: string }>(
    `select e.id from event_log e left join log_order o on o.event_id = e.id where o.pos is null
     union all
     select o.event_id from log_order o left join event_log e on e.id = o.event_id
     where e.id is null and o.pos > (select min(pos) from log_order) limit 1000`,
  );
  const periods = new Map<string, Map<string, TruePeriod[]>>();
  const stored = await store.query<{ user: string; id: string; joined: string; left: string | null }>(
    `select user_id as user, workspace_id as id, joined_seq as joined, left_seq as left from workspace_members
     union all select user_id, chat_id, joined_seq, left_seq from chat_members`,
  );
  for (const { user, id, joined, left } of stored) {
    const own = periods.get(user) ?? new Map<string, TruePeriod[]>();
    periods.set(user, own);
    const there = own.get(id) ?? [];
    own.set(id, there);
    there.push({ joinedSeq: Number(joined), leftSeq: left === null ? null : Number(left) });
  }
  const heads = await store.query<{ chat: string; workspace: string }>(
    'select chat_id as chat, workspace_id as workspace from chat_heads',
  );
  const erased = await store.query<{ id: string }>('select id from users where erased_at is not null');
  const bySeq = new Map<string, TrueRow>();
  for (const row of rows) {
    if (row.workspaceSeq !== null) bySeq.set(`${row.workspaceId} ${row.workspaceSeq}`, row);
    if (row.chatSeq !== null) bySeq.set(`${row.chatId} ${row.chatSeq}`, row);
  }
  const [last] = await store.query<{ pos: string }>('select max(pos) as pos from log_order');
  return {
    rows,
    rowAt: new Map(rows.map((row) => [row.pos, row])),
    lastPos: Number(last?.pos ?? 0),
    unnumbered: unnumbered.map(({ id }) => Number(id)),
    periods,
    erased: new Set(erased.map(({ id }) => id)),
    workspaceOf: new Map(heads.map(({ chat, workspace }) => [chat, workspace])),
    rowOfSeq: (audience, seq) => bySeq.get(`${audience} ${seq}`),
  };
}
