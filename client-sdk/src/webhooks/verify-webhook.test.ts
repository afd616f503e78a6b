import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { verifyWebhook, WebhookVerificationError } from './verify-webhook.ts';

const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;
const secret = secretOf(1);
const other = secretOf(2);
const payload = { type: 'message.created', timestamp: '2026-12-01T00:00:00.000Z', data: { chat_id: 'ü' } };
const body = JSON.stringify(payload);
const id = 'id_1';

/** As the library of the standard signs it. */
const signed = (by: readonly string[], sentAt = new Date()) => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
  'webhook-signature': by.map((each) => new Webhook(each).sign(id, sentAt, body)).join(' '),
});

test('what the standard’s library signed is verified, in any form of headers and body', async () => {
  const headers = signed([secret]);
  const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]));
  for (const form of [headers, new Headers(headers), upper])
    for (const text of [body, Buffer.from(body), new TextEncoder().encode(body)])
      expect(await verifyWebhook(secret, { headers: form, body: text })).toEqual(payload);
});

test('after a rotation either secret verifies, and the receiver may know both', async () => {
  const request = { headers: signed([other, secret]), body };
  for (const known of [secret, other, [other, secret], [secretOf(3), secret]])
    expect(await verifyWebhook(known, request)).toEqual(payload);
});

test.each([
  ['another secret', { headers: signed([other]), body }],
  ['another body', { headers: signed([secret]), body: `${body} ` }],
  ['another id', { headers: { ...signed([secret]), 'webhook-id': 'id_2' }, body }],
  [
    'another time',
    { headers: { ...signed([secret]), 'webhook-timestamp': String(Math.floor(Date.now() / 1_000) - 60) }, body },
  ],
  ['an old request', { headers: signed([secret], new Date(Date.now() - 400_000)), body }],
  ['a request of the future', { headers: signed([secret], new Date(Date.now() + 400_000)), body }],
  ['a time that is none', { headers: { ...signed([secret]), 'webhook-timestamp': 'NaN' }, body }],
  [
    'another version',
    {
      headers: { ...signed([secret]), 'webhook-signature': signed([secret])['webhook-signature'].replace('v1', 'v2') },
      body,
    },
  ],
  ['no base64', { headers: { ...signed([secret]), 'webhook-signature': 'v1,???' }, body }],
  ['no signature', { headers: { ...signed([secret]), 'webhook-signature': '' }, body }],
  ['no headers', { headers: {}, body }],
])('%s is refused', async (_, request) => {
  await expect(verifyWebhook(secret, request)).rejects.toThrow(WebhookVerificationError);
});
