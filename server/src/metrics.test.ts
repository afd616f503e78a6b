import { afterAll, expect, test } from 'vitest';
import { testServer } from './testing/index.ts';

const token = 'a-token-for-scrapers';
const app = await testServer({ FECHATTER_METRICS_TOKEN: token, FECHATTER_LIMITS_SIGNINS_PER_MINUTE: '2' });
afterAll(() => app[Symbol.asyncDispose]());

const scrape = async (headers: Readonly<Record<string, string>> = { authorization: `Bearer ${token}` }) => {
  const response = await fetch(`${app.url}/metrics`, { headers });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};
/** The value of one line of a scrape. */
const valueOf = (text: string, line: string) => {
  const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
};

test('calls are counted by procedure and code over both wires, and never by path', async () => {
  const { alice, chat } = await app.chatOf('alice', 'bob');
  await alice.trpc.message.send.mutate({ chatId: chat.id, content: 'one' });
  const rest = await fetch(`${app.url}/api/chats/${chat.id}/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${alice.session.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ content: 'two' }),
  });
  expect(rest.status).toBe(201);
  await expect(alice.trpc.message.send.mutate({ chatId: crypto.randomUUID(), content: 'lost' })).rejects.toThrow();
  await fetch(`${app.url}/api/no/such/${crypto.randomUUID()}`);
  const { status, type, text } = await scrape();
  expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  expect(valueOf(text, 'fechatter_procedure_calls_total{procedure="message.send",code="OK"}')).toBe(2);
  expect(valueOf(text, 'fechatter_procedure_calls_total{procedure="message.send",code="NOT_FOUND"}')).toBe(1);
  expect(valueOf(text, 'fechatter_procedure_duration_seconds_count{procedure="message.send"}')).toBe(3);
  expect(valueOf(text, 'fechatter_refusals_total{reason="chat_not_found"}')).toBe(1);
  expect(valueOf(text, 'fechatter_http_answers_total{method="GET",status="404"}')).toBe(1);
  expect(valueOf(text, 'fechatter_sends_total')).toBeGreaterThanOrEqual(2);
  expect(text).not.toContain(chat.id);
  expect(text).not.toContain('/no/such');
});

test('a message that no key decrypts is shown as U+FFFD and counted', async () => {
  const { erin, chat } = await app.chatOf('erin', 'frank');
  const { id } = await erin.trpc.message.send.mutate({ chatId: chat.id, content: 'soon broken' });
  await app.database.query(
    `update messages set body = set_byte(body, length(body) - 1, 255 - get_byte(body, length(body) - 1)) where id = $1`,
    [id],
  );
  const { messages } = await erin.trpc.message.list.query({ chatId: chat.id });
  expect(messages.map(({ content }) => content)).toEqual(['\ufffd']);
  expect(valueOf((await scrape()).text, 'fechatter_unreadable_messages_total')).toBeGreaterThan(0);
});

test('metrics have the log, the connections and the process', async () => {
  const { text } = await scrape();
  expect(valueOf(text, 'fechatter_database_up')).toBe(1);
  expect(valueOf(text, 'fechatter_log_partitions_ahead')).toBe(3);
  expect(valueOf(text, 'fechatter_log_is_fresh')).toBe(1);
  expect(valueOf(text, 'fechatter_pool_connections')).toBeGreaterThan(0);
  expect(valueOf(text, 'fechatter_cache_hits_total{cache="verified_tokens"}')).toBeGreaterThan(0);
  expect(valueOf(text, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
  expect(valueOf(text, 'fechatter_service{service="server"}')).toBe(1);
});

test('refusals of a limit are counted with its name', async () => {
  await app.signUp('carol');
  const attempt = () => app.anonymous.auth.signin.mutate({ email: 'carol@example.com', password: 'wrong password' });
  for (let count = 0; count < 3; count++) await expect(attempt()).rejects.toThrow();
  expect(valueOf((await scrape()).text, 'fechatter_rate_limit_refusals_total{limit="signinByAddressAndAccount"}')).toBe(
    1,
  );
});

test.each([
  ['no token', {}],
  ['another token', { authorization: 'Bearer a-token-for-scraperz' }],
  ['a longer one', { authorization: `Bearer ${token}x` }],
])('with %s the metrics are not served', async (_, headers) => {
  const { status, text } = await scrape(headers);
  expect(status).toBe(401);
  expect(text).not.toContain('fechatter_');
});

test('without a token in the settings the path does not exist', async () => {
  const other = await app.another({ FECHATTER_METRICS_TOKEN: '' });
  expect((await fetch(`${other.url}/metrics`)).status).toBe(404);
});

test('missing partitions of the log are a warning of a ready server', async () => {
  const ready = async () => {
    const response = await fetch(`${app.url}/readyz`);
    const { checks } = (await response.json()) as { checks: { name: string; warning?: string }[] };
    return { status: response.status, checks };
  };
  // Rows of earlier tests may have waited for longer than usual.
  await app.database.query('select log_step()');
  expect((await ready()).checks.find(({ name }) => name === 'event log')).toEqual({ name: 'event log', ok: true });
  await app.database.query('drop table event_log_p2, event_log_p3');
  const { status, checks } = await ready();
  expect(status).toBe(200);
  expect(checks.find(({ name }) => name === 'event log')?.warning).toMatch(/^1 partitions ahead/);
});

test('rows without a sequencer are a warning of a ready server', async () => {
  const checks = async () => {
    const response = await fetch(`${app.url}/readyz`);
    expect(response.status).toBe(200);
    return ((await response.json()) as { checks: { name: string; warning?: string }[] }).checks;
  };
  const { ada, chat } = await app.chatOf('ada', 'ben');
  await ada.trpc.message.send.mutate({ chatId: chat.id, content: 'unnumbered' });
  await app.database.query("update event_log set created_at = now() - interval '1 minute'");
  expect((await checks()).find(({ name }) => name === 'event log')?.warning).toMatch(/60 s: no process numbers events/);
  await app.database.query('select log_step()');
  expect((await checks()).find(({ name }) => name === 'event log')?.warning ?? '').not.toContain(
    'no process numbers events',
  );
});
