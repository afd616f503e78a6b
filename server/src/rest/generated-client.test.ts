import { documentOf, redoclyProblems, runGeneratedClient } from '@fechatter/rest/testing';
import { expect, test } from 'vitest';
import { testServer } from '../testing/index.ts';

const program = `
import createClient from 'openapi-fetch';
import type { components, paths } from './paths.ts';

const client = createClient<paths>({ baseUrl: process.argv[2] ?? '' });
const must = <T>({ data, error }: { data?: T; error?: components['schemas']['Error'] }): T => {
  if (data === undefined) throw new Error(error?.error.reason);
  return data;
};
const person = { email: 'ada@example.com', password: 'correct horse', full_name: 'Ada Lovelace' };
const { token } = must(await client.POST('/api/auth/signup', { body: person }));
client.use({ onRequest: ({ request }) => void request.headers.set('authorization', 'Bearer ' + token) });
const workspace = must(await client.POST('/api/workspaces', { body: { name: 'looms' } }));
const chat = must(
  await client.POST('/api/chats', {
    body: { name: 'weavers', chat_type: 'Group', workspace_id: workspace.id, member_ids: [] },
  }),
);
const params = { path: { chat_id: chat.id } };
await client.POST('/api/chats/{chat_id}/messages', { params, body: { content: 'hello' } });
const { messages, has_more } = must(
  await client.GET('/api/chats/{chat_id}/messages', { params: { ...params, query: { limit: 7 } } }),
);
const first: components['schemas']['Message'] | undefined = messages[0];
const refused = await client.DELETE('/api/auth/sessions/{session_id}', { params: { path: { session_id: chat.id } } });
// @ts-expect-error REST does not use camelCase
export const none: unknown = must(await client.GET('/api/users/me')).fullName;
console.log(first?.content, first?.sender.name, has_more, refused.error?.error.reason);
`;

test('the document passes Redocly’s recommended rules without a warning', async () => {
  await using app = await testServer();
  expect(await redoclyProblems(await documentOf(app.url))).toEqual([]);
});

test('a client that openapi-typescript generates compiles and works', { timeout: 240_000 }, async () => {
  await using app = await testServer();
  expect(await runGeneratedClient(await documentOf(app.url), program, [app.url])).toEqual({
    complaints: '',
    printed: 'hello Ada Lovelace false session_not_found\n',
  });
});
