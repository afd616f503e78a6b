import { documentOf, redoclyProblems, restCaller } from '@fechatter/rest/testing';
import { afterAll, expect, test } from 'vitest';
import { testWorld } from '../testing/world.ts';

const world = await testWorld();
const notify = await world.notify();
afterAll(async () => {
  await notify.close();
  await world[Symbol.asyncDispose]();
});

test('a signed-in caller takes a ticket over REST', async () => {
  const call = await restCaller(notify.url);
  const { token } = await world.person();
  const taken = await call('POST /api/notifications/tickets', { token });
  expect(taken.status).toBe(201);
  expect(taken.body).toEqual({ ticket: expect.any(String), expires_at: expect.stringMatching(/Z$/) });
  const { status, body } = await call('POST /api/notifications/tickets');
  expect([status, body]).toMatchObject([401, { error: { reason: 'not_signed_in' } }]);
});

test('the document has the stream and its tickets, and passes Redocly’s recommended rules', async () => {
  const document = await documentOf(notify.url);
  const stream = document.paths['/api/notifications/events']?.get;
  expect(stream?.parameters?.map(({ in: place, name }) => `${place} ${name}`)).toEqual([
    'query last_event_id',
    'header Last-Event-ID',
  ]);
  expect(Object.keys(stream?.responses ?? {})).toEqual(['200', '400', '401', '429', '500']);
  const list = document.paths['/api/notifications/list']?.get;
  expect(list?.parameters?.map(({ name }) => name)).toEqual(['since', 'limit', 'wait_seconds']);
  expect(document.paths['/api/notifications/tickets']?.post?.responses[201]).toBeDefined();
  const subscribed = document.paths['/api/push/subscriptions']?.post?.requestBody;
  expect(subscribed?.content['application/json']).toMatchObject({
    schema: {
      oneOf: ['WebPushAddress', 'FcmAddress', 'ApnsAddress'].map((name) => ({ $ref: `#/components/schemas/${name}` })),
    },
    example: { kind: 'WebPush', endpoint: expect.any(String), keys: expect.any(Object) },
  });
  expect(await redoclyProblems(document)).toEqual([]);
});

test('the document is not served where the operator switched it off', async () => {
  const other = await world.notify({}, { FECHATTER_HTTP_DOCS: 'false' });
  expect((await fetch(`${other.url}/openapi.json`)).status).toBe(404);
  await other.close();
});
