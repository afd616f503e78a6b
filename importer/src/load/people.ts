import { AvatarUrl, Email, type UserKind } from '@fechatter/contract';
import { hashOfNothing } from '@fechatter/server';
import { v7 as uuidv7 } from 'uuid';
import type { ImportedPerson, SourceKey } from '../stream.ts';
import type { ImportRun } from './import-deps.ts';
import { hashedId } from './made-ids.ts';
import { nameOf, storable } from './tidy-text.ts';

/** A person of the source, as they are here. */
export interface KnownPerson {
  readonly id: string;
  readonly name: string;
  /** Whether they are a member of the workspace. Others are placeholders: senders who can never sign in. */
  readonly isMember: boolean;
  /** Their account was erased: what they wrote does not come back. */
  readonly isErased: boolean;
}

/**
 * Finds or makes the people of the source. Who has verified the address that the source gives, and is a member of the
 * workspace, is that person. For all others a placeholder is made: a suspended account without password or address,
 * which is in no workspace and no chat. Its address is kept beside it, for the person who proves it.
 */
export class People {
  readonly #run: ImportRun;
  readonly #known = new Map<SourceKey, KnownPerson>();
  matched = 0;

  constructor(run: ImportRun) {
    this.#run = run;
  }

  get count(): number {
    return this.#known.size;
  }

  /** The person of this key; made with `name` if the source has not described them. */
  async of(key: SourceKey, name?: string, kind?: UserKind): Promise<KnownPerson> {
    return this.#known.get(key) ?? this.#add({ type: 'person', key, name: name ?? key, kind });
  }

  async add(person: ImportedPerson): Promise<void> {
    if (this.#known.has(person.key))
      this.#run.problems.add('a person is described twice; the first counts', person.key);
    else await this.#add(person);
    if (person.role !== undefined)
      this.#run.problems.add(`who is ${person.role} of the source gets no role in the workspace by it`, person.name);
  }

  async #add(person: ImportedPerson): Promise<KnownPerson> {
    const known = (await this.#mapped(person.key)) ?? (await this.#found(person)) ?? (await this.#placeholder(person));
    this.#known.set(person.key, known);
    if (known.isMember) this.matched++;
    return known;
  }

  async #mapped(key: SourceKey): Promise<KnownPerson | undefined> {
    const { workspaceId, source, db } = this.#run;
    const { rows } = await db.pool.query<KnownPerson>({
      name: 'import-mapped-person',
      text: `
        select u.id, u.full_name as name, m.user_id is not null as "isMember", u.erased_at is not null as "isErased"
        from import_map i join users u on u.id = i.id
        left join live_workspace_members m on m.workspace_id = i.workspace_id and m.user_id = u.id
        where i.workspace_id = $1 and i.source = $2 and i.kind = 'Person' and i.key = $3`,
      values: [workspaceId, source, hashedId(key)],
    });
    return rows[0];
  }

  /** The member of the workspace who has verified this address, or has this id. */
  async #found({ key, email, userId }: ImportedPerson): Promise<KnownPerson | undefined> {
    if (email === undefined && userId === undefined) return undefined;
    const { db, workspaceId, source, isDryRun } = this.#run;
    const { rows } = await db.pool.query<KnownPerson>({
      name: 'import-found-person',
      text: `
        select u.id, u.full_name as name, true as "isMember", false as "isErased" from users u
        join live_workspace_members m on m.workspace_id = $1 and m.user_id = u.id
        where u.erased_at is null and (u.id = $3::uuid or (
          lower(u.email collate "C") = lower($2::text collate "C") and u.kind = 'Person' and u.holds_email
          and u.email_verified_at is not null and u.status = 'Active'))`,
      values: [workspaceId, email === undefined ? undefined : storable(email), userId],
    });
    const [found] = rows;
    if (found === undefined || isDryRun) return found;
    await db.pool.query(
      `insert into import_map (workspace_id, source, kind, key, id) values ($1, $2, 'Person', $3, $4) on conflict do nothing`,
      [workspaceId, source, hashedId(key), found.id],
    );
    return found;
  }

  async #placeholder({ key, name, avatarUrl, email, kind = 'Person' }: ImportedPerson): Promise<KnownPerson> {
    const { db, workspaceId, source, isDryRun } = this.#run;
    const person = { id: uuidv7(), name: nameOf(name, 'Unknown'), isMember: false, isErased: false };
    const picture = AvatarUrl.safeParse(avatarUrl);
    const address = kind === 'Bot' ? undefined : Email.safeParse(email).data;
    if (!isDryRun)
      await db.pool.query(
        `with mapped as (
           insert into import_map (workspace_id, source, kind, key, id) values ($1, $2, 'Person', $3, $4) returning id),
         made as (
           insert into users (id, kind, full_name, avatar_url, password_hash, holds_email, status)
           select id, $8::user_kind, $5, $6, $7, false, 'Suspended' from mapped returning id)
         insert into placeholders (user_id, workspace_id, email) select id, $1, $9::text from made where $9 is not null`,
        [
          workspaceId,
          source,
          hashedId(key),
          person.id,
          person.name,
          picture.data ?? null,
          hashOfNothing(),
          kind,
          address ?? null,
        ],
      );
    return person;
  }
}
