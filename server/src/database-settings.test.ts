import { databaseOfLanguage } from '@fechatter/drizzle/testing';
import { expect, test } from 'vitest';
import { refusal, testServer } from './testing/index.ts';

const everyones = {
  default_transaction_isolation: 'repeatable read',
  datestyle: 'German',
  intervalstyle: 'iso_8601',
  bytea_output: 'escape',
  timezone: 'Asia/Kathmandu',
};

test('settings of the database have no effect: concurrent renames, times and bytes are right', async () => {
  await using app = await testServer();
  for (const [name, value] of Object.entries(everyones))
    await app.database.query(
      `do $$ begin execute format('alter database %I set ${name} = %L', current_database(), '${value}'); end $$`,
    );
  const other = await app.another();
  const { alice, chat } = await other.chatOf('alice', 'bob');
  const names = Array.from({ length: 20 }, (_, n) => `name ${n}`);
  // In repeatable read, waiting for a head ends in an error.
  await Promise.all(names.map((name) => alice.trpc.chat.update.mutate({ chatId: chat.id, name })));
  const sent = await alice.trpc.message.send.mutate({ chatId: chat.id, content: 'hi' });
  expect(Math.abs(Date.now() - sent.createdAt.getTime())).toBeLessThan(60_000);
  expect((await alice.trpc.message.list.query({ chatId: chat.id })).messages).toEqual([sent]);
});

test('in a Turkish database too, I is the capital of i', async () => {
  await using app = await testServer({ FECHATTER_DATABASE_MIGRATE: 'true' }, await databaseOfLanguage('tr-TR'));
  expect(await app.database.query(`select lower('I') = 'i' as is_pair`)).toEqual([{ is_pair: false }]);
  const { alice, workspace } = await app.workspaceOf('alice');
  const account = { email: 'info-team@example.com', password: 'correct horse', fullName: 'Info' };
  await app.anonymous.auth.signup.mutate(account);
  const capitals = { ...account, email: 'INFO-TEAM@EXAMPLE.COM' };
  expect(await refusal(app.anonymous.auth.signup.mutate(capitals))).toMatchObject({ reason: 'email_taken' });
  const { email, password } = capitals;
  expect(await app.anonymous.auth.signin.mutate({ email, password })).toMatchObject({ email: account.email });
  await alice.trpc.chat.create.mutate({
    name: 'infos and ÄRGER',
    chatType: 'PublicChannel',
    workspaceId: workspace.id,
    memberIds: [],
  });
  for (const query of ['INFOS', 'ärger'])
    expect((await alice.trpc.workspace.channels.query({ workspaceId: workspace.id, query })).channels).toHaveLength(1);
});
