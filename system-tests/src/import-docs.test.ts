import { writeSlackTalk } from '@fechatter/importer/testing';
import { testEnvironment } from '@fechatter/service-kit/testing';
import { builtService } from '@fechatter/testing/built-service';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { world } from './world.ts';

// The commands of the pages about imports, as they are written there.

const run = promisify(execFile);
const docs = fileURLToPath(new URL('../../docs', import.meta.url));
const scene = await world();
const folder = await mkdtemp(join(tmpdir(), 'fechatter-import-docs-'));
const alice = await scene.signUp('alice');
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** The blocks of commands of a page; those with an ellipsis are no commands yet. */
async function blocksOf(page: string): Promise<readonly string[]> {
  const text = await readFile(join(docs, page), 'utf8');
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block).filter((block) => !/…/.test(block));
}

/** Runs blocks in a folder as a shell does, with the production build of the command. */
async function shell(place: string, blocks: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const script = [
    'set -euo pipefail',
    // npx -y pnpm@12 fechatter …
    'npx() { shift 3; "$NODE" "$CLI" "$@"; }',
    'mongodump() { :; }',
    ...blocks,
  ].join('\n');
  const { stdout } = await run('bash', ['-c', script], {
    cwd: place,
    env: {
      PATH: process.env.PATH,
      ...testEnvironment,
      NODE: process.execPath,
      CLI: await builtService('fechatter'),
      FECHATTER_DATABASE_URL: scene.database.url,
      FECHATTER_FILES_FOLDER: join(folder, 'files'),
      ...variables,
    },
  });
  return stdout;
}

async function written(place: string, files: Readonly<Record<string, unknown>>): Promise<string> {
  await mkdir(join(folder, place), { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, place, name)), { recursive: true });
    await writeFile(join(folder, place, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return join(folder, place);
}

/** With the ids and addresses of this installation. */
const here = (blocks: readonly string[], first: string, second = first) =>
  blocks.map((block) =>
    block
      .replaceAll('019b0000-0000-7000-8000-000000000000', first)
      .replaceAll('019b0000-0000-7000-8000-000000000001', second)
      .replaceAll('you@example.com', alice.email),
  );

const posts = [
  { type: 'channel', channel: { team: 't', name: 'c', type: 'O' } },
  { type: 'user', user: { username: 'anna' } },
  { type: 'post', post: { team: 't', channel: 'c', user: 'anna', create_at: 1_700_000_000_000, message: 'hi' } },
];
const realm = {
  zerver_userprofile: [{ id: 1, full_name: 'Anna' }],
  zerver_stream: [{ id: 5, name: 's', invite_only: false }],
  zerver_recipient: [{ id: 11, type: 2, type_id: 5 }],
};
const zulipMessage = { id: 1, sender: 1, recipient: 11, subject: 't', content: 'hi', date_sent: 1_700_000_000 };

/** Makes what the commands of a page read; `zip` packs the folder `export`. */
const inputs: Readonly<Record<string, (place: string) => Promise<unknown>>> = {
  'import/slack.md': async (place) => {
    await writeSlackTalk(join(folder, place, 'export'), { people: [alice], channels: 1, messages: 10 });
    await pack(join(folder, place));
  },
  'import/mattermost.md': async (place) =>
    pack(await written(place, { 'export/import.jsonl': posts.map((line) => JSON.stringify(line)).join('\n') })),
  'import/rocket-chat.md': (place) => written(place, { 'dump/rocketchat/rocketchat_message.bson': '' }),
  'import/zulip.md': async (place) => {
    const path = await written(place, {
      'zulip-export/realm.json': realm,
      'zulip-export/messages-000001.json': { zerver_message: [zulipMessage] },
    });
    await run('tar', ['czf', 'zulip-export.tar.gz', 'zulip-export'], { cwd: path });
    await rm(join(path, 'zulip-export'), { recursive: true });
  },
  'import/irc.md': (place) => written(place, { 'irclogs/garden-2005-01-02.log': '[10:00] <anna> hi\n' }),
  'import.md': (place) =>
    written(place, { 'logs/a-2005-01-02.log': '[10:00] <anna> hi\n', 'more/b-2005-01-02.log': '[10:00] <anna> hi\n' }),
};

/** Packs the folder `export` as `export.zip`. */
async function pack(path: string): Promise<void> {
  const zip = new ZipFile();
  const inside = join(path, 'export');
  for (const entry of await readdir(inside, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile()) zip.addFile(file, relative(inside, file));
  }
  zip.end();
  await once(zip.outputStream.pipe(createWriteStream(join(path, 'export.zip'))), 'close');
}

test.each(Object.keys(inputs))('the commands of docs/%s run', async (page) => {
  const place = page.replaceAll(/[/.]/g, '-');
  await inputs[page]?.(place);
  const workspaceId = await scene.workspaceOf(alice);
  const commands = here(
    (await blocksOf(page)).filter((block) => !block.startsWith('curl')),
    workspaceId,
  );
  expect(commands.join('').match(/fechatter import/g)?.length).toBeGreaterThan(0);
  const output = await shell(join(folder, place), commands);
  expect(output.match(/^(imported|would come): /gm)).toHaveLength(
    commands.join('').match(/fechatter import/g)?.length ?? 0,
  );
});

test('the commands of docs/import/fechatter.md bring a workspace into another', async () => {
  const [from, to] = [await scene.workspaceOf(alice), await scene.workspaceOf(alice)];
  const chat = await alice.client.chat.create.mutate({
    workspaceId: from,
    name: 'general',
    chatType: 'PublicChannel',
    memberIds: [],
  });
  await alice.client.message.send.mutate({ chatId: chat.id, content: 'hi' });
  const output = await shell(await written('fechatter', {}), here(await blocksOf('import/fechatter.md'), from, to));
  expect(output).toContain('imported: 1 messages (0 replies) in 1 chats');
});

test('the commands of docs/import.md let a person claim a placeholder', async () => {
  const zoe = await scene.signUp('zoe');
  const path = join(folder, 'claims');
  await writeSlackTalk(path, { people: [alice, zoe], channels: 1, messages: 10 });
  const workspaceId = await scene.workspaceOf(alice);
  await shell(folder, [`npx -y pnpm@12 fechatter import slack claims --workspace ${workspaceId}\n`]);
  const [placeholder] = await scene.database.query<{ id: string }>(
    'select user_id as id from placeholders where email = $1',
    [zoe.email],
  );
  const { token } = await alice.client.workspace.invite.mutate({ workspaceId, role: 'Member' });
  await zoe.client.workspace.acceptInvite.mutate({ token });
  await scene.database.query('update users set email_verified_at = now() where id = $1', [zoe.id]);

  const blocks = (await blocksOf('import.md')).filter((block) => block.startsWith('curl'));
  const output = await shell(folder, blocks, {
    api: `${scene.serverUrl}/api`,
    json: 'content-type: application/json',
    token: zoe.client.session?.token ?? '',
    owner_token: alice.client.session?.token ?? '',
    workspace_id: workspaceId,
    placeholder_id: placeholder?.id ?? '',
    user_id: zoe.id,
  });
  expect(output).toContain(placeholder?.id);
  const { channels } = await alice.client.workspace.channels.query({ workspaceId });
  const { messages } = await alice.client.message.list.query({ chatId: channels[0]?.id ?? '' });
  expect(messages.find(({ sender }) => sender.id === placeholder?.id)?.sender).toMatchObject({
    name: 'zoe',
    accountId: zoe.id,
  });
});
