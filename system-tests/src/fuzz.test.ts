import { until } from '@fechatter/testing/until';
import { ConfigError, loadConfig } from '@fechatter/service-kit';
import { collectedLog, testEnvironment } from '@fechatter/service-kit/testing';
import fc from 'fast-check';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chatRows } from './authorisation-chats.ts';
import { cast, type Stage, stageOf } from './authorisation-stage.ts';
import { ownRows } from './authorisation-table.ts';
import { workspaceRows } from './authorisation-workspaces.ts';
import { fetchChecked, exchangeChecked, tally } from './fuzz-check.ts';
import { cursor, headerName, headerText, rawPath, settingName } from './hostile-requests.ts';
import { hostileMeta, hostileText, hostileValue, fieldName } from './hostile-values.ts';
import { everyProcedure, procedureOf, urlOf } from './two-wires.ts';
import { world, type World } from './world.ts';

// No input causes a 5xx, a stack trace, a long wait, or a change to the prototypes of objects. FUZZ_TIMES=20 runs
// longer, FUZZ_SEED uses other inputs.

const times = Number(process.env.FUZZ_TIMES ?? 1);
const seed = Number(process.env.FUZZ_SEED ?? 6);
const { log, lines } = collectedLog('error');
let scene: World;
let stage: Stage;
let requests = 0;
beforeAll(async () => {
  const off = { FECHATTER_LIMITS_SIGNINS_PER_MINUTE: '0', FECHATTER_LIMITS_SENDS_PER_MINUTE: '0' };
  scene = await world(off, log);
  stage = await stageOf(scene, await cast(scene), 'Group');
});
afterAll(() => scene[Symbol.asyncDispose]());

function attempts<T>(name: string, runs: number, input: fc.Arbitrary<T>, attempt: (given: T) => Promise<void>) {
  const numRuns = runs * times;
  test(`${name}, ${numRuns} times`, { timeout: 60_000 * Math.max(1, times) }, () =>
    fc.assert(
      fc.asyncProperty(input, async (given) => {
        requests += 1;
        await attempt(given);
      }),
      { seed, numRuns },
    ),
  );
}

/** One valid input for each procedure, to be mutated. */
const goodInputs = new Map(
  [...chatRows('Group'), ...workspaceRows, ...ownRows].map(({ path, input }) => [path, input] as const),
);
const called = everyProcedure.filter(({ type }) => type !== 'subscription').map(({ path }) => path);
/** Procedures that would destroy the scene if they were called with a valid input. */
const ending = /signout|leave|delete|revokeSession|removeMember|erase/i;

const spoiled = fc.record({
  path: fc.constantFrom(...called),
  /** The indexes of the valid fields to replace. */
  replaced: fc.array(fc.tuple(fc.nat(3), hostileValue), { minLength: 1, maxLength: 2 }),
  added: fc.array(fc.tuple(fieldName, hostileValue), { maxLength: 2 }),
});

function inputOf({ path, replaced, added }: typeof spoiled extends fc.Arbitrary<infer T> ? T : never) {
  const { workspaceId } = stage;
  const fields: [string, unknown][] = Object.entries({
    ...(path.startsWith('workspace.') && { workspaceId }),
    ...goodInputs.get(path)?.(stage),
  });
  for (const [place, value] of ending.test(path) ? [[0, 'x'] as const, ...replaced] : replaced) {
    const field = fields[place];
    if (field) field[1] = value;
  }
  // Object.fromEntries treats `__proto__` as an ordinary key, as JSON.parse does.
  return Object.fromEntries([...fields, ...added]);
}
/** The scene's owner; another person if the call would sign them out. */
const tokenFor = (path: string) => {
  const who = /signout|signin|refresh/i.test(path) ? stage.people.stranger : stage.people.owner;
  return `Bearer ${who.client.session?.token ?? ''}`;
};

attempts('every procedure over tRPC', 500, fc.tuple(spoiled, fc.option(hostileMeta)), async ([given, meta]) => {
  const { path } = given;
  const text = JSON.stringify({ json: inputOf(given), ...(meta !== null && { meta }) });
  const headers = { authorization: tokenFor(path), 'content-type': 'application/json' };
  const url = `${urlOf(scene, path)}/trpc/${path}`;
  if (procedureOf(path).type === 'mutation') await fetchChecked(url, { method: 'POST', headers, body: text });
  else await fetchChecked(`${url}?input=${encodeURIComponent(text.toWellFormed())}`.slice(0, 12_000), { headers });
});

const wireName = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

attempts('every procedure over REST', 400, spoiled, async (given) => {
  const { path } = given;
  const { method, restPath } = procedureOf(path);
  const fields = Object.fromEntries(Object.entries(inputOf(given)).map(([key, value]) => [wireName(key), value]));
  const target = restPath.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(fields[name]).toWellFormed().slice(0, 500)),
  );
  const hasBody = method !== 'GET' && method !== 'DELETE';
  const texts = Object.entries(fields).map(([key, value]) => [key, JSON.stringify(value).slice(0, 2_000)]);
  const query = hasBody ? '' : `?${new URLSearchParams(texts).toString().slice(0, 8_000)}`;
  await fetchChecked(`${urlOf(scene, path)}/api${target}${query}`, {
    method,
    headers: { authorization: tokenFor(path), ...(hasBody && { 'content-type': 'application/json' }) },
    ...(hasBody && { body: JSON.stringify(fields) }),
  });
});

const envelope = fc.oneof(
  fc.record({ json: hostileValue, meta: hostileMeta }),
  fc.dictionary(fc.constantFrom('0', '1', '-1', '1e9', '__proto__', 'length'), fc.record({ json: hostileValue })),
  hostileValue,
);
attempts('envelopes, batches and bodies that are none', 300, fc.tuple(envelope, fc.nat(3)), async ([body, form]) => {
  const headers = { authorization: tokenFor('message.send'), 'content-type': 'application/json' };
  const path = ['message.send', 'message.send,user.me?batch=1', 'chat.create?batch=1', 'x,,message.send?batch=2'][form];
  await fetchChecked(`${scene.serverUrl}/trpc/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
});

attempts(
  'paths and headers, byte by byte',
  400,
  fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'get'),
    path: rawPath,
    headers: fc.array(fc.tuple(headerName, headerText), { maxLength: 3 }),
    isNotify: fc.boolean(),
  }),
  async ({ method, path, headers, isNotify }) => {
    // A longer announced length is a slow sender, which the time limits handle.
    const sent = headers.filter(([name]) => !/^(content-length|transfer-encoding|expect)$/.test(name));
    const head = [`${method} ${path} HTTP/1.1`, 'host: x', ...sent.map(([name, text]) => `${name}: ${text}`)];
    await exchangeChecked(isNotify ? scene.notifyUrl : scene.serverUrl, head.join('\r\n'));
  },
);

const LISTS = [
  '/auth/sessions',
  '/workspaces',
  '/chats',
  '/workspaces/W/members',
  '/workspaces/W/channels',
  '/chats/C/members',
  '/users/me/export',
];
attempts('cursors of lists', 200, fc.tuple(fc.constantFrom(...LISTS), cursor), async ([list, token]) => {
  const path = list.replace('W', stage.workspaceId).replace('C', stage.chatId);
  const url = `${scene.serverUrl}/api${path}?cursor=${encodeURIComponent(token.toWellFormed())}`;
  const { status } = await fetchChecked(url.slice(0, 12_000), { headers: { authorization: tokenFor('chat.list') } });
  expect([200, 400]).toContain(status);
});

/** Reads until the stream has sent something, or the response has ended. */
async function beginning(url: string, headers: Record<string, string>): Promise<string> {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(new Error('the stream sent nothing')), 60_000);
  let text = '';
  try {
    const response = await fetch(url, { headers, signal: stop.signal });
    expect([200, 400, 401, 429, 431]).toContain(response.status);
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (/ready|reset|serialized-error/.test(text)) break;
    }
  } finally {
    clearTimeout(late);
    stop.abort();
  }
  return text;
}
attempts(
  'tickets and places to resume from',
  250,
  fc.record({
    token: fc.oneof(cursor, hostileText),
    isTrpc: fc.boolean(),
    isTicket: fc.boolean(),
    input: hostileValue,
  }),
  async ({ token, isTrpc, isTicket, input }) => {
    const given = encodeURIComponent(token.toWellFormed()).slice(0, 8_000);
    const line = token.replaceAll(/[^\x21-\x7e]/g, '').slice(0, 6_000);
    const json = encodeURIComponent(JSON.stringify({ json: input })).slice(0, 8_000);
    const query = isTicket ? `ticket=${given}` : isTrpc ? `input=${json}` : `last_event_id=${given}`;
    const path = isTrpc ? '/trpc/notification.events' : '/api/notifications/events';
    const authorization: Record<string, string> = isTicket ? {} : { authorization: tokenFor('notification.events') };
    const text = await beginning(`${scene.notifyUrl}${path}?${query}`, { ...authorization, 'last-event-id': line });
    expect(text).not.toMatch(/INTERNAL_SERVER_ERROR|\n\s+at /);
    expect(text).toMatch(/ready|reset|serialized-error|"error"/);
  },
);

attempts('settings', 400, fc.array(fc.tuple(settingName, hostileText), { maxLength: 4 }), async (given) => {
  const env = { ...testEnvironment, ...Object.fromEntries(given) };
  try {
    loadConfig('server', { env, cwd: tmpdir() });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    for (const problem of (error as ConfigError).problems) expect(problem).not.toMatch(/[\r\n]/);
  }
});

test('and nothing was stored', async () => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  expect(lines).toEqual([]);
  // After an event loop was blocked for two seconds, a server must read the revocations first.
  for (const url of [scene.serverUrl, scene.notifyUrl])
    await until(async () => (await fetch(`${url}/readyz`)).status === 200, `${url} is ready`);
  // A call may have succeeded legitimately: an Admin can archive.
  await stage.people.owner.client.chat.unarchive.mutate({ chatId: stage.chatId });
  const content = 'still here';
  const sent = await stage.people.owner.client.message.send.mutate({ chatId: stage.chatId, content });
  expect(sent.content).toBe(content);
  const statuses = [...tally.statuses].sort(([a], [b]) => a - b).map(([status, times]) => `${times} × ${status}`);
  console.log(`fuzz: ${requests} attempts with seed ${seed}: ${statuses.join(', ')}; the slowest`, tally.slowest);
});
