import { createHash } from 'node:crypto';
import { readdir, truncate } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import { limits } from '@fechatter/contract';
import { download, type Person, someBytes, testServer, uploaded } from '../testing/index.ts';
import { testShell } from '@fechatter/service-kit/testing';
import { contentStream } from './content-stream.ts';
import { downloadOf } from './download-of.ts';
import { reasonOf } from './rest-world.ts';

const app = await testServer({ FECHATTER_LIMITS_READS_PER_MINUTE: '0', FECHATTER_LIMITS_WRITES_PER_MINUTE: '0' });
afterAll(() => app[Symbol.asyncDispose]());
const { alice, bob, chat } = await app.chatOf('alice', 'bob');
const bytes = someBytes(limits.filePartBytes + 200_000);
const inChat = async (content: Uint8Array, name = 'a.bin', mime?: string) => {
  const file = await uploaded(app, alice, { chatId: chat.id, bytes: content, name, ...(mime && { mime }) });
  await alice.trpc.message.send.mutate({ chatId: chat.id, content: '', fileIds: [file.id] });
  return file;
};
const file = await inChat(bytes, 'Grüße "x".bin');
const get = (headers: Readonly<Record<string, string>> = {}, person = bob) => download(app, person, file.id, headers);
const ofTicket = (ticket: string, fileId = file.id) => fetch(`${app.url}/f/${fileId}?ticket=${ticket}`);
const reason = async (response: Response) => [response.status, reasonOf({ body: await response.json() } as never)];
const hash = async (response: Response) =>
  createHash('sha256')
    .update(new Uint8Array(await response.arrayBuffer()))
    .digest('hex');
const hashOf = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

test('the whole file is served, with the headers that a browser needs', async () => {
  const response = await get();
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-length': String(bytes.length),
    'content-disposition': `attachment; filename="Gr__e _x_.bin"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%22x%22.bin`,
    'accept-ranges': 'bytes',
    etag: `"${file.id}"`,
    'cache-control': 'private, no-cache',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'cross-origin',
  });
  expect(await hash(response)).toBe(hashOf(bytes));
});

test('HEAD has the same headers, and no body', async () => {
  const headers = { authorization: `Bearer ${bob.session.token}`, range: 'bytes=0-1' };
  const response = await fetch(`${app.url}/f/${file.id}`, { method: 'HEAD', headers });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-length')).toBe(String(bytes.length));
  expect(await response.text()).toBe('');
});

test.each([
  ['bytes=0-0', 0, 1],
  [
    `bytes=${limits.filePartBytes - 10}-${limits.filePartBytes + 9}`,
    limits.filePartBytes - 10,
    limits.filePartBytes + 10,
  ],
  ['bytes=-1', bytes.length - 1, bytes.length],
  ['bytes=65530-65540', 65_530, 65_541],
])('%s', async (range, start, end) => {
  const response = await get({ range });
  expect(response.status).toBe(206);
  expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/${bytes.length}`);
  expect(response.headers.get('content-length')).toBe(String(end - start));
  expect(await hash(response)).toBe(hashOf(bytes.subarray(start, end)));
});

test('a range outside the file, one of another version, and two ranges', async () => {
  const beyond = await get({ range: `bytes=${bytes.length}-` });
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${bytes.length}`]);
  const whole: Record<string, string>[] = [{ range: 'bytes=0-1,4-5' }, { range: 'bytes=0-1', 'if-range': '"other"' }];
  for (const headers of whole) {
    const response = await get(headers);
    expect(response.status).toBe(200);
    await response.body?.cancel();
  }
  expect((await get({ range: 'bytes=0-1', 'if-range': `"${file.id}"` })).status).toBe(206);
});

test('cached content is not sent again, if the caller may still read it', async () => {
  for (const tag of [`"${file.id}"`, `W/"${file.id}"`, `"x", "${file.id}"`, '*']) {
    const response = await get({ 'if-none-match': tag });
    expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([304, `"${file.id}"`, '']);
  }
  const other = await get({ 'if-none-match': '"other"' });
  expect(other.status).toBe(200);
  await other.body?.cancel();
  const mallory = await app.signUp('mallory');
  expect(await reason(await get({ 'if-none-match': '*' }, mallory))).toEqual([404, 'file_not_found']);
});

test('a ticket authorises what its person can read, while their session is live', async () => {
  const carol = await app.signUp('carol');
  const ticketOf = async (person: Person) => (await person.trpc.file.ticket.mutate()).ticket;
  const { ticket, expiresAt } = await bob.trpc.file.ticket.mutate();
  expect(expiresAt.getTime() - Date.now()).toBeGreaterThan(3_000_000);
  expect(await hash(await ofTicket(ticket))).toBe(hashOf(bytes));
  expect(await reason(await ofTicket(await ticketOf(carol)))).toEqual([404, 'file_not_found']);
  const changed = `${ticket.slice(0, -2)}${ticket.endsWith('AA') ? 'BB' : 'AA'}`;
  for (const wrong of ['', 'x', changed, `${ticket}x`])
    expect(await reason(await ofTicket(wrong))).toEqual([401, 'ticket_invalid']);
  // It opens nothing else.
  const headers = { authorization: `Bearer ${ticket}` };
  expect((await fetch(`${app.url}/api/users/me`, { headers })).status).toBe(401);
  const late = app.deps.fileTickets.encode({
    userId: bob.id, sessionId: app.deps.fileTickets.decode(ticket)?.sessionId ?? '', expiresAtSeconds: 1,
  }); // biome-ignore format: a call
  expect(await reason(await ofTicket(late))).toEqual([401, 'ticket_invalid']);
  const dave = await app.signUp('dave');
  const invite = await alice.trpc.workspace.invite.mutate({ workspaceId: chat.workspaceId, role: 'Member' });
  await dave.trpc.workspace.acceptInvite.mutate({ token: invite.token });
  await alice.trpc.chat.addMembers.mutate({ chatId: chat.id, userIds: [dave.id] });
  const his = await ticketOf(dave);
  expect((await ofTicket(his)).status).toBe(200);
  await dave.trpc.auth.signout.mutate();
  expect(await reason(await ofTicket(his))).toEqual([401, 'ticket_invalid']);
});

test('a shared address with a ticket does not use up its person’s budget', async () => {
  const few = await app.another({ FECHATTER_LIMITS_READS_PER_MINUTE: '3' });
  const { ticket } = await bob.trpc.file.ticket.mutate();
  const statuses = [];
  for (let n = 0; n < 4; n++)
    statuses.push((await fetch(`${few.url}/f/${file.id}?ticket=${ticket}`, { method: 'HEAD' })).status);
  expect(statuses).toEqual([200, 200, 200, 429]);
  const own = few.client({ authorization: `Bearer ${bob.session.token}` });
  expect(await own.file.status.query({ fileId: file.id })).toEqual(file);
});

test('membership is checked each time', async () => {
  const erin = await app.signUp('erin');
  const invite = await alice.trpc.workspace.invite.mutate({ workspaceId: chat.workspaceId, role: 'Member' });
  await erin.trpc.workspace.acceptInvite.mutate({ token: invite.token });
  await alice.trpc.chat.addMembers.mutate({ chatId: chat.id, userIds: [erin.id] });
  const { ticket } = await erin.trpc.file.ticket.mutate();
  expect((await ofTicket(ticket)).status).toBe(200);
  await alice.trpc.chat.removeMember.mutate({ chatId: chat.id, userId: erin.id });
  expect(await reason(await ofTicket(ticket))).toEqual([404, 'file_not_found']);
  expect(await reason(await get({}, erin))).toEqual([404, 'file_not_found']);
});

test('a download ends when its reader loses access to the file', async () => {
  let mayRead = true;
  const { app: shell } = testShell();
  const downloader = {
    userId: bob.id,
    sessionId: app.deps.fileTickets.decode((await bob.trpc.file.ticket.mutate()).ticket)?.sessionId ?? '',
    expiresAtSeconds: null,
  };
  const found = await downloadOf(app.deps, downloader, file.id);
  const checkAccess = () => (mayRead ? Promise.resolve() : Promise.reject(new Error('not any more')));
  shell.get('/content', (c) => {
    const reading = { file: found, range: { start: 0, end: bytes.length }, checkAccess, checkEveryMs: -1 };
    return new Response(contentStream(c, app.deps, reading));
  });
  const reader = (await shell.request('/content')).body?.getReader();
  expect((await reader?.read())?.value).toHaveLength(262_144);
  mayRead = false;
  await expect(reader?.read()).rejects.toThrow('not any more');
});

test.each([
  ['a page', '<!doctype html><script>alert(1)</script>', 'text/html', 'text/html'],
  ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 'image/svg+xml', 'image/svg+xml'],
  ['what says that it is a picture', 'not a picture at all', 'image/png', 'application/octet-stream'],
  ['PDF', '%PDF-1.7 …', 'application/pdf', 'application/pdf'],
])('%s is downloaded and not shown', async (_, content, mime, shown) => {
  const made = await inChat(Buffer.from(content), 'x', mime);
  expect(made.mime).toBe(shown);
  const { headers } = await download(app, bob, made.id);
  expect(headers.get('content-type')).toBe('application/octet-stream');
  expect(headers.get('content-disposition')).toMatch(/^attachment;/);
});

test('a picture is not available before a worker has checked it, and is then shown with the type of its first bytes', async () => {
  const made = await inChat(Buffer.from('GIF89a<script>alert(1)</script>'), 'x.html', 'text/html');
  expect(made).toMatchObject({ mime: 'image/gif', state: 'Scanning' });
  expect(await reason(await download(app, bob, made.id))).toEqual([409, 'file_not_ready']);
  await app.database.query("update files set state = 'Ready' where id = $1", [made.id]);
  const { headers } = await download(app, bob, made.id);
  expect(headers.get('content-type')).toBe('image/gif');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
  expect(headers.get('content-disposition')).toMatch(/^inline;/);
});

test('content that was truncated in the store ends the download, and is never served', async () => {
  const made = await inChat(someBytes(300_000));
  const { folder } = app.deps.config.files;
  const [object] = await app.database.query('select id from file_objects where file_id = $1', [made.id]);
  const place = (await readdir(folder, { recursive: true })).find((name) => name.endsWith(String(object?.['id'])));
  await truncate(`${folder}/${place}`, 100_000);
  await expect((async () => (await download(app, bob, made.id)).arrayBuffer())()).rejects.toThrow();
});

test('a missing token, a missing file and a malformed id', async () => {
  expect(await reason(await fetch(`${app.url}/f/${file.id}`))).toEqual([401, 'not_signed_in']);
  for (const id of [uuidv7(), 'x', '..%2f..%2fetc%2fpasswd'])
    expect(await reason(await download(app, bob, id))).toEqual([404, 'file_not_found']);
  const thumbnail = await download(app, bob, `${file.id}?thumbnail=1`);
  expect(await reason(thumbnail)).toEqual([404, 'file_not_found']);
});

test('a short file is uploaded in one request', async () => {
  const headers = { authorization: `Bearer ${alice.session.token}`, 'content-type': 'text/plain; charset=utf-8' };
  const url = `${app.url}/api/chats/${chat.id}/files`;
  const post = (query: string, body: string | Uint8Array) =>
    fetch(`${url}${query}`, { method: 'POST', headers, body: body as never });
  const response = await post('?name=notes.txt', 'some notes');
  expect(response.status).toBe(201);
  const made = (await response.json()) as { id: string };
  expect(made).toEqual({
    id: made.id, name: 'notes.txt', size: 10, mime: 'text/plain', width: null, height: null, has_thumbnail: false,
    state: 'Ready', created_at: expect.any(String) as string,
  }); // biome-ignore format: a file
  expect(await (await download(app, alice, made.id)).text()).toBe('some notes');
  const large = someBytes(limits.filePartBytes + 5);
  const other = (await (await post('?name=large', large)).json()) as { id: string };
  expect(await hash(await download(app, alice, other.id))).toBe(hashOf(large));
  expect(await reason(await post('', 'x'))).toEqual([400, 'invalid_input']);
  expect(await reason(await post('?name=%ff', 'x'))).toEqual([400, 'invalid_input']);
  expect(await reason(await post('?name=a%2Fb', 'x'))).toEqual([400, 'invalid_input']);
  const huge = new Uint8Array(limits.fileWholeMaxBytes + 1);
  expect(await reason(await post('?name=huge', huge))).toEqual([413, 'file_too_large']);
  const streamed = new Response('x').body as never;
  const chunked = await fetch(`${url}?name=x`, { method: 'POST', headers, body: streamed, duplex: 'half' } as never);
  expect(await reason(chunked)).toEqual([400, 'invalid_input']);
});
