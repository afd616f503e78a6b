import { afterAll, describe, expect, test } from 'vitest';
import { appWithKey } from '../testing/app-with-key.ts';
import { refusal } from '../testing/index.ts';

const scene = await appWithKey();
const { app, admin, asPerson, workspaceOf } = scene;
afterAll(() => scene[Symbol.asyncDispose]());

describe('a chat', () => {
  const member = (externalId: string, role: 'Member' | 'Admin' | 'Owner' = 'Member') => ({ externalId, role });

  test('its name, members and roles are set; with replace the others are removed', async () => {
    await workspaceOf('rooms', 'ned', 'oda', 'pia');
    const chat = { externalId: 'room', workspace: 'rooms', name: 'Room', chatType: 'PrivateChannel' as const };
    const { id } = await admin.upsertChat.mutate({
      ...chat,
      members: [member('ned', 'Owner'), member('oda', 'Admin')],
    });
    const shown = async () =>
      (await (await asPerson('ned')).chat.members.query({ chatId: id })).members
        .map(({ user, role }) => `${user.name} ${role}`)
        .toSorted();
    expect(await shown()).toEqual(['ned Owner', 'oda Admin']);
    const added = { ...chat, name: 'Hall', members: [member('pia'), member('oda')] };
    expect(await admin.upsertChat.mutate(added)).toMatchObject({ id, name: 'Hall' });
    expect(await shown()).toEqual(['ned Owner', 'oda Member', 'pia Member']);
    const replaced = { ...chat, members: [member('ned', 'Owner'), member('pia')], mode: 'replace' as const };
    await admin.upsertChat.mutate(replaced);
    expect(await shown()).toEqual(['ned Owner', 'pia Member']);
    expect(await refusal(admin.upsertChat.mutate({ ...replaced, members: [member('pia')] }))).toMatchObject({
      reason: 'last_owner',
    });
    expect(await shown()).toEqual(['ned Owner', 'pia Member']);
    await (await asPerson('ned')).chat.archive.mutate({ chatId: id });
    expect(await refusal(admin.upsertChat.mutate({ ...chat, members: [member('oda')] }))).toMatchObject({
      reason: 'chat_archived',
    });
    await (await asPerson('ned')).chat.delete.mutate({ chatId: id });
    const anew = await admin.upsertChat.mutate({ ...chat, members: [member('ned', 'Owner')] });
    expect(anew.id).not.toBe(id);
  });

  test('a Single chat is not created for two people of whom one blocks the other', async () => {
    await workspaceOf('quarrel', 'una', 'vic');
    const blocker = await asPerson('una');
    const { id: userId } = await (await asPerson('vic')).user.me.query();
    await blocker.user.block.mutate({ userId });
    const pair = { externalId: 'quarrel', workspace: 'quarrel', name: 'x', chatType: 'Single' as const };
    for (const members of [
      [member('una'), member('vic')],
      [member('vic'), member('una')],
    ])
      expect(await refusal(admin.upsertChat.mutate({ ...pair, members }))).toMatchObject({ reason: 'blocked' });
    await blocker.user.unblock.mutate({ userId });
    const { id } = await admin.upsertChat.mutate({ ...pair, members: [member('una'), member('vic')] });
    await blocker.user.block.mutate({ userId });
    expect(await admin.upsertChat.mutate({ ...pair, members: [member('una'), member('vic')] })).toMatchObject({ id });
  });

  test('a public channel, a Single chat, and what is refused', async () => {
    await workspaceOf('kinds', 'quin', 'rae', 'gus');
    await admin.setMembers.mutate({ workspace: 'kinds', members: [{ externalId: 'gus', role: 'Guest' }], mode: 'add' });
    const workspace = 'kinds';
    const channel = { externalId: 'chan', workspace, name: 'Channel', chatType: 'PublicChannel' as const };
    const { id } = await admin.upsertChat.mutate({ ...channel, members: [member('quin', 'Owner'), member('gus')] });
    await admin.upsertChat.mutate({ ...channel, name: 'Canal', members: [] });
    expect(await (await asPerson('rae')).chat.get.query({ chatId: id })).toMatchObject({ name: 'Canal' });
    const single = { externalId: 'pair', workspace, name: 'x', chatType: 'Single' as const };
    const pair = await admin.upsertChat.mutate({ ...single, members: [member('gus'), member('rae')] });
    expect(await admin.upsertChat.mutate({ ...single, members: [member('rae'), member('gus')] })).toEqual(pair);
    const other = { ...single, externalId: 'pair-again', members: [member('gus'), member('rae')] };
    expect((await admin.upsertChat.mutate(other)).id).toBe(pair.id);
    await workspaceOf('kinds-2', 'quin');
    const group = { externalId: 'bad', workspace, name: 'Bad', chatType: 'Group' as const };
    for (const [input, reason] of [
      [{ ...channel, chatType: 'Group' as const, members: [] }, 'external_id_reused'],
      [{ ...channel, workspace: 'kinds-2', members: [] }, 'external_id_reused'],
      [{ ...single, members: [member('quin'), member('rae')] }, 'single_chat_fixed'],
      [{ ...single, externalId: 'three', members: [member('quin')] }, 'invalid_input'],
      [{ ...group, members: [member('rae')] }, 'last_owner'],
      [{ ...group, members: [member('gus', 'Owner')] }, 'guests_are_members'],
      [{ ...group, members: [member('quin', 'Owner'), member('gus', 'Admin')] }, 'guests_are_members'],
      [{ ...group, members: [member('quin', 'Owner'), member('ada')] }, 'user_not_found'],
      [{ ...group, workspace: 'nowhere', members: [] }, 'workspace_not_found'],
    ] as const)
      expect(await refusal(admin.upsertChat.mutate({ ...input, members: [...input.members] }))).toMatchObject({
        reason,
      });
  });

  test('two concurrent calls create one', async () => {
    await workspaceOf('racing', 'sol');
    const chat = { externalId: 'r', workspace: 'racing', name: 'R', chatType: 'Group' as const };
    const make = () => admin.upsertChat.mutate({ ...chat, members: [member('sol', 'Owner')] });
    const both = await Promise.all([make(), make()]);
    expect(both[0].id).toBe(both[1].id);
  });

  test('that is deleted concurrently is replaced by a new one', async () => {
    await workspaceOf('going', 'tia', 'una');
    const chat = { externalId: 'g', workspace: 'going', name: 'G', chatType: 'Group' as const };
    const { id } = await admin.upsertChat.mutate({ ...chat, members: [member('tia', 'Owner')] });
    const tia = await asPerson('tia');
    const waiters = `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    const waiting = (count: number) => expect.poll(async () => (await app.database.query(waiters)).length).toBe(count);
    const client = await app.db.pool.connect();
    await client.query('begin');
    await client.query('select from chat_heads where chat_id = $1 for no key update', [id]);
    const deletion = tia.chat.delete.mutate({ chatId: id });
    await waiting(1);
    const late = admin.upsertChat.mutate({ ...chat, members: [member('tia', 'Owner'), member('una')] });
    await waiting(2);
    await client.query('rollback');
    client.release();
    await deletion;
    const anew = await late;
    expect(anew.id).not.toBe(id);
    expect((await tia.chat.members.query({ chatId: anew.id })).members).toHaveLength(2);
  });
});
