import { describe, expect, test } from 'vitest';
import { errorOf, gardenApp, json, post, signedIn } from './testing/garden-app.ts';

const body = '{"new_plants":[{"common_name":"rose"}]}';

describe('a refusal', () => {
  test.each([
    ['a body that is not JSON', '/api/beds/a/plants', '{', {}, 400, 'invalid_json'],
    ['a body that is no object', '/api/beds/a/plants', '[]', {}, 400, 'invalid_input'],
    ['no body where one is needed', '/api/beds/a/plants', '', {}, 400, 'invalid_input'],
    ['another type', '/api/beds/a/plants', body, { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    [
      'another charset',
      '/api/beds/a/plants',
      body,
      { 'content-type': 'application/json; charset=latin1' },
      415,
      'unsupported_media_type',
    ],
    ['too large a body', '/api/beds/a/plants', 'x'.repeat(1_048_577), {}, 413, 'body_too_large'],
    ['a refusal of the procedure', '/api/beds/full/plants', body, {}, 503, 'busy'],
    ['an unknown path', '/api/nothing', body, {}, 404, 'route_not_found'],
  ])('%s', async (_, path, text, headers, status, reason) => {
    const response = await post(path, text, { ...json, ...signedIn, ...headers });
    expect(response.status).toBe(status);
    const request_id = response.headers.get('x-request-id');
    expect(await errorOf(response)).toMatchObject({ reason, request_id, message: expect.any(String) });
  });

  test.each([[0xe4], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x98]])(
    'bytes that are not UTF-8 (%s …) are refused and never read as U+FFFD',
    async (...bytes) => {
      const text = Buffer.concat([
        Buffer.from('{"new_plants":[{"common_name":"r'),
        Buffer.from(bytes),
        Buffer.from('"}]}'),
      ]);
      const response = await post('/api/beds/a/plants', text, { ...json, ...signedIn });
      expect(response.status).toBe(400);
      expect(await errorOf(response)).toMatchObject({ reason: 'invalid_json' });
    },
  );

  test('of the caller comes before any of the input', async () => {
    for (const text of ['{', '{}']) {
      const response = await post('/api/beds/a/plants', text, json);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  test('names the wrong field as the caller sent it', async () => {
    const response = await post('/api/beds/a/plants', '{"new_plants":[{"common_name":7}]}');
    expect(await errorOf(response)).toEqual({
      code: 'BAD_REQUEST',
      reason: 'invalid_input',
      message: expect.any(String),
      request_id: response.headers.get('x-request-id'),
      issues: [{ path: ['new_plants', 0, 'common_name'], code: 'invalid_type', message: expect.any(String) }],
    });
  });

  test('has the procedure’s headers and the time to retry', async () => {
    const { headers } = await post('/api/beds/full/plants', body);
    expect(headers.get('ratelimit-limit')).toBe('5');
    expect(headers.get('retry-after')).toBe('2');
  });

  test('of an internal error has its details only in the log', async () => {
    const { app, lines } = gardenApp();
    const init = { method: 'POST', body, headers: { ...json, ...signedIn } };
    const response = await app.request('/api/beds/broken/plants', init);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret of ours');
    const err = expect.objectContaining({ type: 'TypeError' });
    expect(lines).toContainEqual(expect.objectContaining({ level: 50, path: 'plant.add', err }));
  });
});

describe('methods', () => {
  test('that a path does not accept are listed', async () => {
    const response = await gardenApp().app.request('/api/plants/1', { method: 'PATCH' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('DELETE, OPTIONS');
    expect(await errorOf(response)).toMatchObject({ reason: 'method_not_allowed' });
  });

  test('HEAD is GET without a body, OPTIONS lists the methods', async () => {
    const { app } = gardenApp();
    const head = await app.request('/api/beds/a/plants', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    const options = await app.request('/api/beds/a/plants', { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST, OPTIONS']);
    expect((await app.request('/api/plants/1', { method: 'HEAD' })).status).toBe(405);
  });

  test('of subscriptions are not handled', async () => {
    expect((await gardenApp().app.request('/api/growth')).status).toBe(404);
  });
});
