import { afterAll, describe, expect, test } from 'vitest';
import { appWithKey } from '../testing/app-with-key.ts';
import { refusal } from '../testing/index.ts';

const scene = await appWithKey();
const { app, admin, person, asPerson, workspaceOf } = scene;
afterAll(() => scene[Symbol.asyncDispose]());

describe('a workspace', () => {
  test('is renamed, and created again if it was deleted', async () => {
    const id = await workspaceOf('renamed', 'gil');
    const again = await admin.upsertWorkspace.mutate({ externalId: 'renamed', name: 'New name' });
    expect(again).toMatchObject({ id, name: 'New name', role: 'Owner' });
    await (await asPerson('gil')).workspace.delete.mutate({ workspaceId: id });
    expect((await admin.upsertWorkspace.mutate({ externalId: 'renamed', name: 'x' })).id).not.toBe(id);
  });

  test('its members are set, all or none, with the effects in its chats', async () => {
    const workspaceId = await workspaceOf('set', 'hal', 'ivy', 'jon', 'kim');
    const owners = ['hal', 'ivy'].map((externalId) => ({ externalId, role: 'Owner' as const }));
    const rest = ['jon', 'kim'].map((externalId) => ({ externalId, role: 'Member' as const }));
    const group = { workspace: 'set', chatType: 'Group' as const, members: [...owners, ...rest] };
    for (const externalId of ['set-1', 'set-2'])
      await admin.upsertChat.mutate({ ...group, externalId, name: externalId });
    const set = (members: { externalId: string; role: 'Guest' | 'Member' | 'Owner' }[], mode: 'add' | 'replace') =>
      admin.setMembers.mutate({ workspace: 'set', members, mode });
    await person('lea');
    const bots = (await asPerson('hal')).bot;
    const { bot } = await bots.create.mutate({ workspaceId, name: 'Echo', scopes: ['read'] });
    // Two leave two chats together, one becomes a Guest, one joins.
    const wanted = [
      { externalId: 'ivy', role: 'Owner' as const },
      { externalId: 'jon', role: 'Guest' as const },
      { externalId: 'lea', role: 'Member' as const },
    ];
    expect(await set(wanted, 'replace')).toEqual({ added: 1, changed: 2, removed: 2 });
    expect(await set(wanted, 'replace')).toEqual({ added: 0, changed: 0, removed: 0 });
    const { members } = await (await asPerson('ivy')).workspace.members.query({ workspaceId });
    // Bots are no people of the app: they stay.
    expect(members.map(({ user, role }) => `${user.name} ${role}`).toSorted()).toEqual([
      `${bot.name} Member`,
      'ivy Owner',
      'jon Guest',
      'lea Member',
    ]);
    for (const bad of [
      { members: [{ externalId: 'nobody', role: 'Member' as const }], reason: 'user_not_found' },
      { members: [{ externalId: 'lea', role: 'Member' as const }], reason: 'last_owner' },
      { members: [wanted[2], wanted[2]].flatMap((one) => one ?? []), reason: 'invalid_input' },
    ])
      expect(await refusal(set(bad.members, 'replace'))).toMatchObject({ reason: bad.reason });
    expect(await refusal(admin.setMembers.mutate({ workspace: 'x', members: [], mode: 'add' }))).toMatchObject({
      reason: 'workspace_not_found',
    });
    // No person is left: the bot ends too.
    expect(await set([], 'replace')).toEqual({ added: 0, changed: 0, removed: 4 });
  });

  test('a thousand members are set at once, with a body size that only keys may send', async () => {
    await person('many');
    await admin.upsertWorkspace.mutate({ externalId: 'many', name: 'Many' });
    await app.database.query(`
      with made as (
        insert into users (id, holds_email, full_name, password_hash)
        select gen_random_uuid(), false, 'n', 'x' from generate_series(1, 999) returning id)
      insert into identities (id, user_id, issuer, subject)
      select gen_random_uuid(), id, 'https://app.example.com', 'many-' || row_number() over () from made`);
    const members = [
      { externalId: 'many', role: 'Owner' as const },
      ...Array.from({ length: 999 }, (_, n) => ({ externalId: `many-${n + 1}`, role: 'Member' as const })),
    ];
    expect(await admin.setMembers.mutate({ workspace: 'many', members, mode: 'add' })).toMatchObject({ added: 1_000 });
  });
});

test('setting members while the workspace is deleted is refused', async () => {
  const workspaceId = await workspaceOf('going', 'gil');
  const gil = await asPerson('gil');
  const waiters = `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  const client = await app.db.pool.connect();
  await client.query('begin');
  await client.query('select from workspace_heads where workspace_id = $1 for no key update', [workspaceId]);
  const waiting = (count: number) => expect.poll(async () => (await app.database.query(waiters)).length).toBe(count);
  const deletion = gil.workspace.delete.mutate({ workspaceId });
  await waiting(1);
  const members = [{ externalId: 'gil', role: 'Owner' as const }];
  const late = refusal(admin.setMembers.mutate({ workspace: 'going', members, mode: 'add' }));
  await waiting(2);
  await client.query('rollback');
  client.release();
  await deletion;
  expect(await late).toMatchObject({ reason: 'workspace_not_found' });
});
