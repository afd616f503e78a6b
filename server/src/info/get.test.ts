import { limits, RELEASE } from '@fechatter/contract';
import { expect, test } from 'vitest';
import { testServer } from '../testing/index.ts';

test('anyone is told the release, what can be used here, and the limits in force', async () => {
  await using app = await testServer({
    FECHATTER_LIMITS_SENDS_PER_MINUTE: '7',
    FECHATTER_LIMITS_REACTIONS_PER_MINUTE: '0',
    FECHATTER_MAIL_VIA: 'off',
  });
  const info = await app.anonymous.info.get.query();
  expect(info).toMatchObject({
    release: RELEASE,
    features: ['files', 'reactions', 'receipts', 'threads', 'search', 'passkeys'],
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
