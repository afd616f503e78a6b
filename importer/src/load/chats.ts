import type { ChatType, Role } from '@fechatter/contract';
import { v7 as uuidv7 } from 'uuid';
import type { ImportedChat, SourceKey } from '../stream.ts';
import type { ImportRun } from './import-deps.ts';
import { hashedId } from './made-ids.ts';
import type { People } from './people.ts';
import { storableTime } from './storable-time.ts';
import { nameOf, topicOf } from './tidy-text.ts';

/** A chat of the source that is being imported. */
export interface OpenChat {
  readonly id: string;
  readonly name: string;
  readonly chatType: ChatType;
  readonly topic: string | null;
  readonly whoPosts: 'All' | 'Admins';
  readonly isArchived: boolean;
  readonly archivedAtUs: number | undefined;
  readonly createdAtUs: number | undefined;
  readonly creatorId: string | undefined;
  /** Its members here, with their roles: people of the workspace who were in it. */
  readonly members: ReadonlyMap<string, Role>;
  /** Placeholders who were in it, with their roles, by id. */
  readonly placeholders: ReadonlyMap<string, Role>;
  /** The two people of a Single chat, in the order of their ids. */
  readonly pair: readonly [string, string] | undefined;
}

const MEMBERS_MAX = 500;

/** The chats of the source, by key; those that an earlier import has finished are only counted. */
export class Chats {
  readonly #run: ImportRun;
  readonly #people: People;
  readonly #open = new Map<SourceKey, OpenChat>();
  readonly #finished = new Set<SourceKey>();

  constructor(run: ImportRun, people: People) {
    this.#run = run;
    this.#people = people;
  }

  get open(): Iterable<OpenChat> {
    return this.#open.values();
  }
  get openCount(): number {
    return this.#open.size;
  }
  get finishedCount(): number {
    return this.#finished.size;
  }

  /** `finished`: it is here already, and stays as it is. */
  of(key: SourceKey): OpenChat | 'finished' | undefined {
    return this.#finished.has(key) ? 'finished' : this.#open.get(key);
  }

  async add(chat: ImportedChat): Promise<void> {
    const { problems } = this.#run;
    if (this.of(chat.key) !== undefined) return problems.add('a chat is described twice; the first counts', chat.key);
    const { id, isFinished } = await this.#mapped(chat.key);
    if (isFinished) return void this.#finished.add(chat.key);
    const opened = await this.#opened(id, chat);
    this.#open.set(chat.key, opened);
    if (this.#run.isDryRun) return;
    // Only the head: a chat without a row in `chats` is not visible.
    await this.#run.db.pool.query(
      `with mapped as (
         insert into import_map (workspace_id, source, kind, key, id) values ($1, $2, 'Chat', $3, $4) on conflict do nothing)
       insert into chat_heads (chat_id, workspace_id, chat_type) values ($4, $1, $5) on conflict do nothing`,
      [this.#run.workspaceId, this.#run.source, hashedId(chat.key), id, opened.chatType],
    );
  }

  async #mapped(key: SourceKey): Promise<{ id: string; isFinished: boolean }> {
    const { db, workspaceId, source } = this.#run;
    const { rows } = await db.pool.query<{ id: string; isFinished: boolean }>({
      name: 'import-mapped-chat',
      text: `select id, finished_at is not null as "isFinished" from import_map
        where workspace_id = $1 and source = $2 and kind = 'Chat' and key = $3`,
      values: [workspaceId, source, hashedId(key)],
    });
    return rows[0] ?? { id: uuidv7(), isFinished: false };
  }

  async #opened(id: string, chat: ImportedChat): Promise<OpenChat> {
    const people: { readonly id: string; readonly isMember: boolean; readonly role: Role }[] = [];
    for (const { person, role = 'Member' } of chat.members) people.push({ ...(await this.#people.of(person)), role });
    const ids = [...new Set(people.map((person) => person.id))].sort();
    const [low, high] = ids;
    const isSingle = chat.chatType === 'Single' && ids.length === 2 && low !== undefined && high !== undefined;
    const members = new Map<string, Role>();
    for (const person of people) if (person.isMember) members.set(person.id, isSingle ? 'Member' : person.role);
    this.#cut(chat, members);
    const placeholders = new Map<string, Role>();
    for (const person of people) if (!person.isMember) placeholders.set(person.id, person.role);
    return {
      id,
      name: nameOf(chat.name, 'chat'),
      chatType: chat.chatType === 'Single' && !isSingle ? 'Group' : chat.chatType,
      topic: topicOf(chat.topic),
      whoPosts: chat.whoPosts ?? 'All',
      isArchived: chat.isArchived ?? false,
      archivedAtUs: storableTime(chat.archivedAtUs),
      createdAtUs: storableTime(chat.createdAtUs),
      creatorId: chat.creator === undefined ? undefined : (await this.#people.of(chat.creator)).id,
      members,
      placeholders,
      pair: isSingle ? [low, high] : undefined,
    };
  }

  #cut({ key }: ImportedChat, members: Map<string, Role>): void {
    const over = [...members.keys()].slice(MEMBERS_MAX);
    for (const userId of over) members.delete(userId);
    if (over.length > 0)
      this.#run.problems.add(
        `a chat is imported with at most ${MEMBERS_MAX} members; add the others`,
        key,
        over.length,
      );
  }
}
