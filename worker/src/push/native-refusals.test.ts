import { collectedLog } from '@fechatter/service-kit/testing';
import { until } from '@fechatter/testing/until';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { ArrivedNativePush, NativeAnswer } from '../testing/native-push-services.ts';
import { nativePushStage } from '../testing/native-push-stage.ts';

const native = await nativePushStage();
const { services, people, sent, allDone, failureOf, shown } = native;
const { ca } = services;
const { query, dueNow, subscribe, whileSending } = native.stage;
const { bob } = people;
afterAll(() => native[Symbol.asyncDispose]());
beforeEach(() => native.clear());

const kinds = ['Fcm', 'Apns'] as const;

test.each([
  ['Fcm', { status: 404, reason: 'UNREGISTERED' }],
  [
    'Fcm',
    {
      status: 400,
      reason: 'INVALID_ARGUMENT',
      message: 'The registration token is not a valid FCM registration token',
    },
  ],
  ['Apns', { status: 410, reason: 'Unregistered' }],
  ['Apns', { status: 400, reason: 'BadDeviceToken' }],
  ['Apns', { status: 400, reason: 'DeviceTokenNotForTopic' }],
] satisfies ['Fcm' | 'Apns', NativeAnswer][])('%s: %j ends a subscription', async (kind, answer) => {
  services.answerTo = () => answer;
  const id = await subscribe(bob, services.device(kind));
  await sent('hello');
  expect(await whileSending(allDone, { ca })).toMatchObject({ gone: 1 });
  expect(await failureOf(id)).toBeUndefined();
  expect(await shown()).toEqual([]);
});

test.each([
  ['Fcm', { status: 400, reason: 'INVALID_ARGUMENT', message: 'Android message is too big' }],
  ['Fcm', { status: 413 }],
  ['Apns', { status: 413, reason: 'PayloadTooLarge' }],
] satisfies ['Fcm' | 'Apns', NativeAnswer][])(
  '%s: %j is followed by the same push without its text',
  async (kind, answer) => {
    const hasText = (push: ArrivedNativePush) => JSON.stringify(push).includes('alice: hello');
    services.answerTo = (push) => (hasText(push) ? answer : undefined);
    const id = await subscribe(bob, services.device(kind));
    await bob.trpc.user.setPreferences.mutate({ pushPreviews: true });
    await sent('hello');
    expect(await whileSending(allDone, { ca })).toMatchObject({ sent: 1 });
    expect(services.pushes.map(hasText)).toEqual([true, false]);
    expect(await failureOf(id)).toBe(null);
  },
);

test.each(
  kinds.flatMap((kind) =>
    (
      [
        [{ status: 429, headers: { 'retry-after': '600' } }, 'putOff', 600],
        [{ status: 503 }, 'putOff', 15],
        [{ status: 500 }, 'putOff', 15],
        [{ status: 401 }, 'unauthorised', 15],
        [{ status: 403, reason: 'InvalidProviderToken' }, 'unauthorised', 15],
      ] satisfies [NativeAnswer, string, number][]
    ).map(([answer, counted, seconds]) => [kind, answer, counted, seconds] as const),
  ),
)('%s: after %j it is %s and tried again in %i s', async (kind, answer, counted, seconds) => {
  services.answerTo = () => answer;
  const device = services.device(kind);
  const id = await subscribe(bob, device);
  const message = await sent('hello');
  const { log, lines } = collectedLog();
  const isNoted = () => until(async () => (await failureOf(id)) === String(answer.status), 'it is recorded');
  expect(await whileSending(isNoted, { ca, log })).toMatchObject({ sent: 0, [counted]: 1 });
  const [row] = await query<{ s: number; attempts: number }>(
    'select attempts, extract(epoch from due_at - clock_timestamp())::float8 as s from push_pending',
  );
  expect(row?.attempts).toBe(1);
  expect(row?.s).toBeGreaterThan(seconds - 15);
  expect(row?.s).toBeLessThanOrEqual(seconds + 1);
  services.answerTo = () => undefined;
  await dueNow();
  await whileSending(allDone, { ca });
  expect(services.pushes.map(({ content }) => content['message_id'])).toEqual([message.id, message.id]);
  expect(await failureOf(id)).toBe(null);
  const logged = JSON.stringify(lines);
  for (const secret of [device.token, 'ya29.', 'PRIVATE KEY', 'bearer', ...services.apnsTokens])
    expect(logged).not.toContain(secret);
});

test('other refusals are final for the push, and keep the subscription', async () => {
  services.answerTo = () => ({ status: 400, reason: 'TopicDisallowed' });
  const id = await subscribe(bob, services.device('Apns'));
  await sent('hello');
  expect(await whileSending(allDone, { ca })).toMatchObject({ refused: 1 });
  expect(await failureOf(id)).toBe('400 TopicDisallowed');
});

test('a grant that Google refuses puts pushes off, and the key is reported', async () => {
  services.answerToGrant = () => 400;
  const id = await subscribe(bob, services.device('Fcm'));
  await sent('hello');
  const isNoted = () => until(async () => (await failureOf(id)) === '401', 'it is recorded');
  expect(await whileSending(isNoted, { ca })).toMatchObject({ unauthorised: 1 });
  services.answerToGrant = () => 200;
  await dueNow();
  expect(await whileSending(allDone, { ca })).toMatchObject({ sent: 1 });
});

test('a response of Google that has no token puts pushes off, and is not logged', async () => {
  services.answerToGrant = () => 'ya29.half';
  const id = await subscribe(bob, services.device('Fcm'));
  await sent('hello');
  const { log, lines } = collectedLog();
  const isNoted = () => until(async () => (await failureOf(id)) === '502', 'it is recorded');
  expect(await whileSending(isNoted, { ca, log })).toMatchObject({ putOff: 1 });
  expect(JSON.stringify(lines)).not.toContain('ya29');
});
