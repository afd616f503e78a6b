import { listening } from '@fechatter/service-kit/testing';
import { describe, expect, test } from 'vitest';
import { errorOf, gardenApp, json, post, signedIn } from './testing/garden-app.ts';

async function sought(query: string) {
  const response = await gardenApp().app.request(`/api/beds/north/plants${query}`);
  const body = (await response.json()) as {
    sought_for?: unknown;
    error?: { issues: { path: unknown; message: string }[] };
  };
  return { status: response.status, ...body };
}
test('responses have the schema’s keys in snake_case, unchanged data, and dates in UTC', async () => {
  const response = await gardenApp().app.request('/api/beds/north/plants');
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toEqual({
    plants: [
      {
        plant_id: expect.any(String),
        common_name: 'an_appleTree',
        kind: 'FruitTree',
        planted_at: '2026-01-02T01:04:05.678Z',
        last_watered: { watered_at: '1970-01-01T00:00:00.000Z', by_whom: null },
      },
    ],
    sought_for: { bed_id: 'north', max_count: 10 },
  });
});

describe('a query', () => {
  test.each([
    ['?max_count=7', { max_count: 7 }],
    ['?min_height=-0.5', { min_height: -0.5 }],
    ['?in_bloom=false', { in_bloom: false }],
    ['?in_bloom=true', { in_bloom: true }],
    ['?plant_kinds=RoseBush', { plant_kinds: ['RoseBush'] }],
    ['?plant_kinds=RoseBush&plant_kinds=FruitTree', { plant_kinds: ['RoseBush', 'FruitTree'] }],
    ['?free_text=7', { free_text: '7' }],
    ['?free_text=a%20b+c%2Fd', { free_text: 'a b c/d' }],
  ])('%s is understood', async (query, expected) => {
    expect(await sought(query)).toMatchObject({
      status: 200,
      sought_for: { bed_id: 'north', max_count: 10, ...expected },
    });
  });

  test.each([
    ['?max_count=', 'max_count'],
    ['?max_count=0x10', 'max_count'],
    ['?max_count=1e1', 'max_count'],
    ['?max_count=0', 'max_count'],
    ['?max_count=1&max_count=2', 'max_count'],
    ['?in_bloom=1', 'in_bloom'],
    ['?in_bloom', 'in_bloom'],
    ['?plant_kinds=rose_bush', 'plant_kinds'],
  ])('%s is refused by the procedure itself', async (query, field) => {
    const { status, error } = await sought(query);
    expect(status).toBe(400);
    expect(error?.issues[0]?.path).toEqual(expect.arrayContaining([field]));
  });

  test.each([
    ['?maxCount=3', 'maxCount'],
    ['?max_count=3&__proto__=1', '__proto__'],
    ['?bed_id=south', 'bed_id'],
  ])('%s has an unknown name', async (query, name) => {
    const { status, error } = await sought(query);
    expect([status, error?.issues]).toMatchObject([400, [{ message: `There is no query parameter ${name}.` }]]);
  });

  test('of a POST has no names at all, nor has that of a procedure without input', async () => {
    const { app } = gardenApp();
    for (const [path, init] of [
      [
        '/api/beds/north/plants?bed_id=south',
        { method: 'POST', body: '{"new_plants":[{"common_name":"rose"}]}', headers: { ...json, ...signedIn } },
      ],
      ['/api/weather?day=1', {}],
    ] as const) {
      const response = await app.request(path, init);
      expect([path, response.status]).toEqual([path, 400]);
    }
  });

  test.each(['%e4', '%f0%9f%98', '%c0%af', 'a%ffb'])('with %s is no UTF-8, and not stored as U+FFFD', async (text) => {
    const { status, error } = await sought(`?free_text=${text}`);
    expect([status, error]).toMatchObject([400, { reason: 'invalid_input' }]);
  });

  test('leaves tRPC as strict as it was', async () => {
    const { app } = gardenApp();
    expect((await app.request('/api/beds/north/plants?max_count=7')).status).toBe(200);
    const input = encodeURIComponent(JSON.stringify({ json: { bedId: 'north', maxCount: '7' } }));
    expect((await app.request(`/trpc/plant.find?input=${input}`)).status).toBe(400);
  });

  test('may be absent, where the whole input is optional', async () => {
    const { app } = gardenApp();
    expect(await (await app.request('/api/beds/first/plants')).json()).toEqual({ given_input: '{}' });
    expect(await (await app.request('/api/beds/first/plants?max_count=2')).json()).toEqual({
      given_input: '{"maxCount":2}',
    });
  });
});

test('a path’s parameters are percent-decoded, and win over query and body', async () => {
  const { app } = gardenApp();
  const found = (await (await app.request('/api/beds/n%C3%B6rd%2Flich%2525/plants')).json()) as { sought_for: unknown };
  expect(found.sought_for).toMatchObject({ bed_id: 'nörd/lich%25' });
  const added = await post('/api/beds/a/plants', '{"bed_id":"b","new_plants":[{"common_name":"rose"}]}');
  expect(await added.json()).toEqual({ bed_id: 'a', names: ['rose'] });
  expect(added.status).toBe(201);
});

test('a body accepts only the names of the wire', async () => {
  const response = await post('/api/beds/a/plants', '{"newPlants":[{"commonName":"rose"}]}');
  expect(await errorOf(response)).toMatchObject({ reason: 'invalid_input', issues: [{ path: ['new_plants'] }] });
});

test('a 204 response has headers and no body', async () => {
  const response = await gardenApp().app.request('/api/plants/1', { method: 'DELETE', headers: signedIn });
  expect(response.status).toBe(204);
  expect(response.headers.get('ratelimit-limit')).toBe('5');
  expect(response.headers.get('content-type')).toBeNull();
  expect(await response.text()).toBe('');
});

describe('over the wire', () => {
  test('a POST without a body needs no content type', async () => {
    const { app, config } = gardenApp();
    await using service = await listening(app, config);
    for (const init of [{}, { headers: { 'content-type': 'text/plain' } }, { headers: json }])
      expect((await fetch(`${service.url}/api/rest`, { method: 'POST', ...init })).status).toBe(204);
    const init = { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } };
    expect((await fetch(`${service.url}/api/rest`, init)).status).toBe(415);
  });

  test('a disconnected caller aborts the procedure', async () => {
    const { app, config, asked, left } = gardenApp();
    await using service = await listening(app, config);
    const leaving = new AbortController();
    const call = fetch(`${service.url}/api/wait`, { method: 'POST', signal: leaving.signal });
    await asked;
    leaving.abort();
    await expect(call).rejects.toThrow();
    await left;
  });
});
