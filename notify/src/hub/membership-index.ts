import { audienceOf, begunBy, definitionOfCode, type GuestSpan, type LogRow, type Period } from '@fechatter/contract';
import type { EndedPeriod } from './ended-periods.ts';
import type { Reader } from './reader.ts';

/** What periods belong to: a chat or a workspace. */
export type Scope = 'workspace' | 'chat';

/** A membership as it is in the database. */
export interface StoredPeriod extends Period {
  readonly scope: Scope;
  readonly id: string;
  readonly workspaceId: string;
  /** When it ended, by the database's clock; null: it is open. */
  readonly leftAtMs: number | null;
}

/** A person's memberships in the database: all open ones, and the newest that ended. */
export interface StoredMemberships {
  /** First those that ended, in the order of time, then those that are open. */
  readonly periods: readonly StoredPeriod[];
  /** All that ended after this are included. */
  readonly endedAfterMs: number;
  /** Whether more ended than were read. */
  readonly isCut: boolean;
  /** When they were read, by the database's clock. */
  readonly readAtMs: number;
}

interface ChatAudience {
  readonly workspaceId: string;
  readonly readers: Set<Reader>;
}

const NO_READERS: ReadonlySet<Reader> = new Set();

/** The chat or workspace whose periods a row changes: the chat if the row has a chat's seq, else the workspace. */
export function scopeOf(row: LogRow): { readonly scope: Scope; readonly id: string; readonly seq: number } {
  if (row.chatSeq !== null) return { scope: 'chat', id: row.chatId ?? '', seq: row.chatSeq };
  return { scope: 'workspace', id: row.workspaceId ?? '', seq: row.workspaceSeq ?? 0 };
}

/** Whether the row's subject is a Guest of a workspace from then on. */
const isGuestIn = ({ facts, chatSeq }: LogRow): boolean =>
  chatSeq === null && (facts as LogRow['facts'] | null)?.role === 'Guest';

/**
 * The periods of everyone who has a stream here, and who may be in which audience. It only narrows down the candidates:
 * `canSee` decides whether they see a row.
 */
export class MembershipIndex {
  readonly #chats = new Map<string, ChatAudience>();
  readonly #workspaces = new Map<string, Set<Reader>>();
  readonly workspaceOf = (chatId: string): string | undefined => this.#chats.get(chatId)?.workspaceId;

  /** Everyone whose periods may cover a row with an audience of members. */
  readersOf(row: LogRow): ReadonlySet<Reader> {
    const { of, id } = audienceOf(row);
    if (of === 'user') return NO_READERS;
    return this.membersOf(of, id);
  }

  membersOf(scope: Scope, id: string): ReadonlySet<Reader> {
    return (scope === 'chat' ? this.#chats.get(id)?.readers : this.#workspaces.get(id)) ?? NO_READERS;
  }

  /** Adds a period that is not known yet. A known one stays as it is: it may have ended meanwhile. */
  add(reader: Reader, { scope, id, workspaceId, joinedSeq, leftSeq, guest }: Omit<StoredPeriod, 'leftAtMs'>): void {
    const periods = this.#periodsOf(reader, scope, id) ?? this.#enter(reader, scope, id, workspaceId);
    const at = begunBy(periods, joinedSeq);
    if (periods[at - 1]?.joinedSeq === joinedSeq) return;
    periods.splice(at, 0, { joinedSeq, leftSeq, ...(guest !== undefined && { guest }) });
  }

  /** Adds the memberships of a person who is not known yet. */
  load(reader: Reader, { periods, endedAfterMs, isCut }: StoredMemberships): void {
    const ended: EndedPeriod[] = [];
    for (const period of periods) {
      this.add(reader, period);
      const { scope, id, leftSeq, leftAtMs } = period;
      if (leftSeq !== null && leftAtMs !== null) ended.push({ scope, id, leftSeq, leftAtMs });
    }
    reader.ended.begin(ended, endedAfterMs, isCut);
  }

  /** Forgets a person without streams. */
  remove(reader: Reader): void {
    for (const id of reader.workspaces.keys()) this.#leave(reader, 'workspace', id);
    for (const id of reader.chats.keys()) this.#leave(reader, 'chat', id);
  }

  /**
   * Applies the effect of a row to one person's memberships; `opensFor` lists the people for whom a row begins a
   * membership.
   */
  apply(reader: Reader, row: LogRow, opensFor: readonly string[] = []): void {
    const { scope, id, seq } = scopeOf(row);
    switch (definitionOfCode(row.code)?.effect) {
      case 'opens':
        if (row.subjectId !== reader.userId) break;
        this.#open(reader, scope, id, row.workspaceId ?? '', seq);
        if (isGuestIn(row)) this.change(reader, id, { isGuest: true, sinceSeq: seq });
        break;
      case 'changes':
        if (row.subjectId === reader.userId) this.change(reader, id, { isGuest: isGuestIn(row), sinceSeq: seq });
        break;
      case 'opens_all':
        if (opensFor.includes(reader.userId)) this.#open(reader, scope, id, row.workspaceId ?? '', seq);
        break;
      case 'ends':
        if (row.subjectId === reader.userId) this.close(reader, scope, id, seq);
        break;
      case 'ends_all':
        this.close(reader, scope, id, seq);
        break;
      case undefined:
    }
  }

  /** Ends the period that is open at `seq`. */
  close(reader: Reader, scope: Scope, id: string, seq: number): void {
    const periods = this.#periodsOf(reader, scope, id) ?? [];
    const at = begunBy(periods, seq) - 1;
    const period = periods[at];
    if (period?.leftSeq === null) periods[at] = { ...period, leftSeq: seq };
  }

  /**
   * Notes that the person became a Guest of a workspace, or is none any more. What is known of a later row stays: rows
   * that take something away are applied before others.
   */
  change(reader: Reader, workspaceId: string, guest: GuestSpan): void {
    const periods = reader.workspaces.get(workspaceId) ?? [];
    const at = begunBy(periods, guest.sinceSeq) - 1;
    const period = periods[at];
    if (period === undefined || (period.guest?.sinceSeq ?? 0) > guest.sinceSeq) return;
    if (guest.isGuest !== (period.guest?.isGuest ?? false)) periods[at] = { ...period, guest };
  }

  /** Whether a period is known to have ended there. */
  hasEnd(reader: Reader, scope: Scope, id: string, seq: number): boolean {
    const periods = this.#periodsOf(reader, scope, id) ?? [];
    return periods[begunBy(periods, seq) - 1]?.leftSeq === seq;
  }

  /** Forgets a period that ended. */
  forget(reader: Reader, { scope, id, leftSeq }: EndedPeriod): void {
    const periods = this.#periodsOf(reader, scope, id) ?? [];
    const at = begunBy(periods, leftSeq) - 1;
    if (periods[at]?.leftSeq !== leftSeq) return;
    periods.splice(at, 1);
    if (periods.length > 0) return;
    (scope === 'chat' ? reader.chats : reader.workspaces).delete(id);
    this.#leave(reader, scope, id);
  }

  #open(reader: Reader, scope: Scope, id: string, workspaceId: string, joinedSeq: number): void {
    this.add(reader, { scope, id, workspaceId, joinedSeq, leftSeq: null });
  }

  #periodsOf(reader: Reader, scope: Scope, id: string): Period[] | undefined {
    return (scope === 'chat' ? reader.chats : reader.workspaces).get(id);
  }

  #enter(reader: Reader, scope: Scope, id: string, workspaceId: string): Period[] {
    const periods: Period[] = [];
    if (scope === 'chat') {
      let chat = this.#chats.get(id);
      if (chat === undefined) this.#chats.set(id, (chat = { workspaceId, readers: new Set() }));
      chat.readers.add(reader);
      reader.chats.set(id, periods);
    } else {
      let readers = this.#workspaces.get(id);
      if (readers === undefined) this.#workspaces.set(id, (readers = new Set()));
      readers.add(reader);
      reader.workspaces.set(id, periods);
    }
    return periods;
  }

  #leave(reader: Reader, scope: Scope, id: string): void {
    const readers = scope === 'chat' ? this.#chats.get(id)?.readers : this.#workspaces.get(id);
    if (readers?.delete(reader) && readers.size === 0) (scope === 'chat' ? this.#chats : this.#workspaces).delete(id);
  }
}
