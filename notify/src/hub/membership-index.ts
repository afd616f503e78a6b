import { audienceOf, definitionOfCode, type LogRow, type Period } from '@fechatter/contract';
import type { Reader } from './reader.ts';

/** What has periods: a chat, or a workspace. */
export type Scope = 'workspace' | 'chat';

/** A membership as the database has it. */
export interface StoredPeriod extends Period {
  readonly scope: Scope;
  readonly id: string;
  readonly workspaceId: string;
}

interface ChatAudience {
  readonly workspaceId: string;
  readonly readers: Set<Reader>;
}

const NOBODY: ReadonlySet<Reader> = new Set();

/** Whose periods a row changes: a chat's where it has a chat's seq, else a workspace's. */
export function scopeOf(row: LogRow): { readonly scope: Scope; readonly id: string; readonly seq: number } {
  if (row.chatSeq !== null) return { scope: 'chat', id: row.chatId ?? '', seq: row.chatSeq };
  return { scope: 'workspace', id: row.workspaceId ?? '', seq: row.workspaceSeq ?? 0 };
}

/**
 * The periods of everyone who has a stream here, and who may be in which audience. It only narrows down who must be
 * asked: whether they see a row is for `canSee` to say.
 */
export class MembershipIndex {
  readonly #chats = new Map<string, ChatAudience>();
  readonly #workspaces = new Map<string, Set<Reader>>();
  readonly workspaceOf = (chatId: string): string | undefined => this.#chats.get(chatId)?.workspaceId;

  /** Everyone whose periods may cover a row with an audience of members. */
  readersOf(row: LogRow): ReadonlySet<Reader> {
    const { of, id } = audienceOf(row);
    if (of === 'user') return NOBODY;
    return this.membersOf(of, id);
  }

  membersOf(scope: Scope, id: string): ReadonlySet<Reader> {
    return (scope === 'chat' ? this.#chats.get(id)?.readers : this.#workspaces.get(id)) ?? NOBODY;
  }

  /** Adds a period that is not known yet. A known one stays as it is: it may have ended meanwhile. */
  add(reader: Reader, { scope, id, workspaceId, joinedSeq, leftSeq }: StoredPeriod): void {
    const periods = this.#periodsOf(reader, scope, id);
    if (periods.some((period) => period.joinedSeq === joinedSeq)) return;
    this.#set(reader, scope, id, workspaceId, [...periods, { joinedSeq, leftSeq }]);
  }

  /** Forgets a person without streams. */
  remove(reader: Reader): void {
    for (const id of reader.workspaces.keys()) {
      const readers = this.#workspaces.get(id);
      if (readers?.delete(reader) && readers.size === 0) this.#workspaces.delete(id);
    }
    for (const id of reader.chats.keys()) {
      const chat = this.#chats.get(id);
      if (chat?.readers.delete(reader) && chat.readers.size === 0) this.#chats.delete(id);
    }
  }

  /** Applies to one person what a row does to memberships; `opensFor` says whose begin with a row that opens many. */
  apply(reader: Reader, row: LogRow, opensFor: readonly string[] = []): void {
    const { scope, id, seq } = scopeOf(row);
    switch (definitionOfCode(row.code)?.effect) {
      case 'opens':
        if (row.subjectId === reader.userId) this.#open(reader, scope, id, row.workspaceId ?? '', seq);
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
    const periods = this.#periodsOf(reader, scope, id);
    const open = periods.findIndex(({ joinedSeq, leftSeq }) => leftSeq === null && joinedSeq <= seq);
    if (open < 0) return;
    const closed = periods.map((period, index) => (index === open ? { ...period, leftSeq: seq } : period));
    (scope === 'chat' ? reader.chats : reader.workspaces).set(id, closed);
  }

  #open(reader: Reader, scope: Scope, id: string, workspaceId: string, joinedSeq: number): void {
    this.add(reader, { scope, id, workspaceId, joinedSeq, leftSeq: null });
  }

  #periodsOf(reader: Reader, scope: Scope, id: string): readonly Period[] {
    return (scope === 'chat' ? reader.chats : reader.workspaces).get(id) ?? [];
  }

  #set(reader: Reader, scope: Scope, id: string, workspaceId: string, periods: readonly Period[]): void {
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
  }
}
