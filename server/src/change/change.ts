import { definitionOfKind, type LoggedEventKind, type Role } from '@fechatter/contract';
import {
  appendEvents,
  type EventDetailsArgument,
  inTransaction,
  type NewEvent,
  newEvent,
  sql,
  type Tx,
} from '@fechatter/drizzle';
import type { Principal } from '@fechatter/service-kit';
import { appendAudit, type AuditNote } from '../audit/append-audit.ts';
import type { Deps } from '../deps.ts';
import { NeedsWorkspace } from './needs-workspace.ts';
import { requireKnownByAll } from './require-release.ts';
import { traceFirst } from './trace-first.ts';

/** The person who makes a change, and their address; for the operator neither. */
export interface ChangeContext {
  readonly deps: Pick<Deps, 'db' | 'notifier'>;
  readonly principal?: Pick<Principal, 'userId'>;
  readonly address?: string;
  readonly requestId?: string;
  /** The service key with which an app acts. */
  readonly serviceKey?: { readonly id: string };
}

interface Head {
  readonly workspaceId: string;
  seq: number;
}

/**
 * One transaction that changes what others see. The heads that it locks assign the seqs; announced events are appended
 * to the log at its end. Locks are taken in one order everywhere: workspace heads, workspace_members rows, chat heads,
 * each ascending; then limiter rows. Check membership and role in a statement after the lock.
 */
export class Change {
  readonly tx: Tx;
  /** Whether a Guest is among the people who are held in their workspace. */
  holdsGuests = false;
  readonly #workspaces = new Map<string, Head>();
  readonly #chats = new Map<string, Head>();
  readonly #events: NewEvent[] = [];
  readonly #notes: AuditNote[] = [];
  readonly #by: Omit<ChangeContext, 'deps'>;

  constructor(tx: Tx, by: Omit<ChangeContext, 'deps'> = {}) {
    this.tx = tx;
    this.#by = by;
  }

  /** Locks the heads of workspaces; those that do not exist are not in the result. */
  async lockWorkspaces(workspaceIds: readonly string[]): Promise<ReadonlySet<string>> {
    const { rows } = await this.tx.execute<{ workspace_id: string; last_seq: string }>(sql`
      select workspace_id, last_seq from workspace_heads
      where workspace_id = any (${sql.param([...workspaceIds])}::uuid[]) order by workspace_id for no key update`);
    // A head that is locked already has counted events that are not written yet.
    for (const { workspace_id: id, last_seq: seq } of rows)
      if (!this.#workspaces.has(id)) this.#workspaces.set(id, { workspaceId: id, seq: Number(seq) });
    return new Set(rows.map(({ workspace_id: id }) => id));
  }

  /**
   * Keeps these people in the workspace until the end of the transaction, before they become members of one of its
   * chats: a transaction that ends or changes their membership waits, and then finds those in its chats. Returns those
   * who are in it, with their roles. If a Guest is among them, the workspace's head is locked before: what is announced
   * about a person in the workspace names the chats that Guests share with them (`sharedChats`), so Guests cannot enter
   * a chat meanwhile.
   */
  async holdInWorkspace(workspaceId: string, userIds: readonly string[]): Promise<ReadonlyMap<string, Role>> {
    const { rows } = await this.tx.execute<{ user_id: string; role: Role }>(sql`
      select user_id, role from workspace_members
      where workspace_id = ${workspaceId} and user_id = any (${sql.param([...userIds])}::uuid[]) and left_seq is null
      order by user_id for share`);
    this.holdsGuests ||= rows.some(({ role }) => role === 'Guest');
    if (this.holdsGuests && !this.#workspaces.has(workspaceId)) throw new NeedsWorkspace(workspaceId);
    return new Map(rows.map(({ user_id: id, role }) => [id, role]));
  }

  /** Locks the heads of chats; those that do not exist are not in the result. */
  async lockChats(chatIds: readonly string[]): Promise<ReadonlySet<string>> {
    const { rows } = await this.tx.execute<{ chat_id: string; workspace_id: string; last_seq: string }>(sql`
      select chat_id, workspace_id, last_seq from chat_heads
      where chat_id = any (${sql.param([...chatIds])}::uuid[]) order by chat_id for no key update`);
    for (const { chat_id: id, workspace_id: workspaceId, last_seq: seq } of rows)
      if (!this.#chats.has(id)) this.#chats.set(id, { workspaceId, seq: Number(seq) });
    return new Set(rows.map(({ chat_id: id }) => id));
  }

  /** Adds a head that was inserted in this transaction: no other one can see it yet. */
  addNewHead(of: 'workspace' | 'chat', id: string, workspaceId: string): void {
    (of === 'workspace' ? this.#workspaces : this.#chats).set(id, { workspaceId, seq: 0 });
  }

  /** Announces an event to the members of a chat; returns its seq in the chat. */
  announceInChat<Kind extends LoggedEventKind>(
    chatId: string,
    kind: Kind,
    ...details: EventDetailsArgument<Kind>
  ): number {
    const head = locked(this.#chats, chatId);
    head.seq += 1;
    this.#announce(newEvent(kind, { workspaceId: head.workspaceId, chatId, chatSeq: head.seq }, ...details));
    return head.seq;
  }

  /**
   * Announces an event of a public channel to the whole workspace; it takes a seq in both. Returns that in the chat.
   */
  announceToBoth<Kind extends LoggedEventKind>(
    chatId: string,
    kind: Kind,
    ...details: EventDetailsArgument<Kind>
  ): number {
    const head = locked(this.#chats, chatId);
    const workspace = locked(this.#workspaces, head.workspaceId);
    head.seq += 1;
    workspace.seq += 1;
    const place = { workspaceId: head.workspaceId, workspaceSeq: workspace.seq, chatId, chatSeq: head.seq };
    this.#announce(newEvent(kind, place, ...details));
    return head.seq;
  }

  /** The seq of the next event of this workspace: a period is closed at its last event before that is announced. */
  nextWorkspaceSeq(workspaceId: string): number {
    return locked(this.#workspaces, workspaceId).seq + 1;
  }

  /** Announces an event to the members of a workspace; returns its seq in the workspace. */
  announceInWorkspace<Kind extends LoggedEventKind>(
    workspaceId: string,
    kind: Kind,
    ...details: EventDetailsArgument<Kind>
  ): number {
    const head = locked(this.#workspaces, workspaceId);
    head.seq += 1;
    this.#events.push(newEvent(kind, { workspaceId, workspaceSeq: head.seq }, ...details));
    return head.seq;
  }

  /** Announces an event to one person, on all their devices; `about` names the chat, if any. */
  announceToUser<Kind extends LoggedEventKind>(
    userId: string,
    kind: Kind,
    about: { readonly chatId?: string },
    ...details: EventDetailsArgument<Kind>
  ): void {
    this.#events.push(newEvent(kind, { userId, ...about }, ...details));
  }

  /** Records this action of the caller in the audit log. */
  note(action: AuditNote['action'], note: Omit<AuditNote, 'action'>): void {
    this.#notes.push({ action, ...note });
  }

  /** Writes the heads and both logs; returns whether there was anything to announce. */
  async finish(): Promise<boolean> {
    const { principal, address = null, requestId = null, serviceKey } = this.#by;
    const origin = { actorId: principal?.userId ?? null, address, requestId, serviceKeyId: serviceKey?.id };
    await appendAudit(this.tx, origin, this.#notes);
    if (this.#events.length === 0) return false;
    await this.#raise('workspace_heads', 'workspace_id', this.#workspaces);
    await this.#raise('chat_heads', 'chat_id', this.#chats);
    await requireKnownByAll(this.tx, this.#events);
    await appendEvents(this.tx, this.#events);
    traceFirst(this.#events);
    return true;
  }

  /** Events that say who did it name the caller, unless their facts say that nobody did: `byId: undefined`. */
  #announce(event: NewEvent): void {
    const { userId: byId } = this.#by.principal ?? {};
    const saysWho = 'byId' in definitionOfKind(event.kind).facts.shape;
    this.#events.push(
      saysWho && byId !== undefined ? ({ ...event, facts: { byId, ...event.facts } } as NewEvent) : event,
    );
  }

  async #raise(table: string, key: string, heads: ReadonlyMap<string, Head>): Promise<void> {
    if (heads.size === 0) return;
    const ids = sql.param([...heads.keys()]);
    const seqs = sql.param([...heads.values()].map(({ seq }) => seq));
    await this.tx.execute(sql`
      update ${sql.identifier(table)} h set last_seq = n.seq
      from unnest(${ids}::uuid[], ${seqs}::bigint[]) n (id, seq)
      where h.${sql.identifier(key)} = n.id and h.last_seq < n.seq`);
  }
}

/**
 * Far more than a change takes. It bounds until when the end of a membership can still be committed, which notify
 * relies on (COMMITTED_WITHIN_MS).
 */
const CHANGE_MAX_MS = 30_000;

/** Runs one change in a transaction, and notifies the tails when it is committed. */
export async function makeChange<T>(ctx: ChangeContext, work: (change: Change) => Promise<T>): Promise<T> {
  try {
    return await tryChange(ctx, work);
  } catch (error) {
    if (!(error instanceof NeedsWorkspace)) throw error;
    return tryChange(ctx, work, error.workspaceId);
  }
}

async function tryChange<T>(
  ctx: ChangeContext,
  work: (change: Change) => Promise<T>,
  workspaceId?: string,
): Promise<T> {
  const { deps } = ctx;
  const inChange = async (tx: Tx) => {
    const change = new Change(tx, ctx);
    if (workspaceId !== undefined) await change.lockWorkspaces([workspaceId]);
    const result = await work(change);
    return { result, hasEvents: await change.finish() };
  };
  const { result, hasEvents } = await inTransaction(deps.db, inChange, { deadlineMs: CHANGE_MAX_MS });
  if (hasEvents) deps.notifier.notify();
  return result;
}

function locked(heads: ReadonlyMap<string, Head>, id: string): Head {
  const head = heads.get(id);
  if (head === undefined) throw new Error(`announced without its lock: ${id}`);
  return head;
}
