import { limits, RELEASE } from '@fechatter/contract';
import { expect, test } from 'vitest';
import { testServer } from '../testing/index.ts';

test('anyone can read the release, the features and the limits', async () => {
  await using app = await testServer({
    FECHATTER_LIMITS_SENDS_PER_MINUTE: '7',
    FECHATTER_LIMITS_REACTIONS_PER_MINUTE: '0',
    FECHATTER_MAIL_VIA: 'off',
  });
  const info = await app.anonymous.info.get.query();
  expect(info).toMatchObject({
    release: RELEASE,
    features: ['bots', 'emoji', 'files', 'reactions', 'receipts', 'threads', 'webhooks', 'search', 'passkeys'],
  });
  expect(info.limits).toMatchObject({
    contentMaxChars: limits.contentMaxChars,
    batchMaxCalls: limits.batchMaxCalls,
    sendsPerMinute: 7,
    reactionsPerMinute: 0,
  });
  const overRest = await fetch(`${app.url}/api/info`);
  expect(await overRest.json()).toMatchObject({ release: RELEASE, limits: { content_max_chars: 8_000 } });
});

test('push is a feature while a worker sends pushes, and the kinds are those that it sends', async () => {
  await using app = await testServer();
  const info = () => app.anonymous.info.get.query();
  const before = await info();
  expect(before.pushKinds).toEqual([]);
  expect(before.features).not.toContain('push');
  await app.database.query(`insert into push_kinds (kind, public_key) values ('WebPush', 'key'), ('Apns', null)`);
  const after = await info();
  expect(after.pushKinds).toEqual(['Apns', 'WebPush']);
  expect(after.features).toContain('push');
});
