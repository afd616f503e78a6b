import { testServer } from '@fechatter/server/testing';
import { expect, test } from 'vitest';
import { workerDeps } from '../testing/worker-deps.ts';
import { forgetMail } from './forget-mail.ts';

test('failed mails are deleted after a month, with their addresses if no mail is sent', async () => {
  await using app = await testServer();
  const deps = workerDeps(app);
  const ada = await app.signUp('ada');
  const job = (address: string, expires: string, failed: string | null) =>
    app.database.query(
      `insert into mail_jobs (id, kind, address, expires_at, failed_at)
       values (gen_random_uuid(), 'reset', $1, now() + $2::interval, now() + $3::interval)`,
      [address, expires, failed],
    );
  await job('waiting@example.com', '1 hour', null);
  await job('late@example.com', '-1 hour', null);
  await job('forgotten@example.com', '-25 hours', null);
  await job('refused', '-2 days', '-3 days');
  await job('refused long ago', '-30 days', '-31 days');
  await app.database.query(
    `insert into mail_tokens (token_hash, purpose, user_id, address, expires_at)
     values ('\\x01', 'reset', $1, 'a', now() + interval '1 minute'), ('\\x02', 'reset', $1, 'b', now() - interval '1 minute')`,
    [ada.id],
  );
  await forgetMail(deps, AbortSignal.timeout(60_000));
  const left = await app.database.query<{ address: string }>(
    'select address from mail_jobs union all select address from mail_tokens order by 1',
  );
  expect(left.map(({ address }) => address)).toEqual(['a', 'late@example.com', 'refused', 'waiting@example.com']);
  await deps.db.close();
});
