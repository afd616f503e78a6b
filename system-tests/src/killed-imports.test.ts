import { accessOf } from '@fechatter/drizzle/testing';
import { sizeOf, writeSlackTalk } from '@fechatter/importer/testing';
import { brokenRules } from '@fechatter/server/invariants';
import { testEnvironment } from '@fechatter/service-kit/testing';
import { builtService } from '@fechatter/testing/built-service';
import { until } from '@fechatter/testing/until';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { world } from './world.ts';

/** Two transactions for the messages of each channel. */
const TALK = { channels: 8, messages: 1_000 };
const KILLS = 10;
/** Twelve processes, one after the other, on a busy machine. */
const WITHIN_MS = 360_000;

const scene = await world();
const folder = await mkdtemp(join(tmpdir(), 'fechatter-killed-imports-'));
const [alice, bob, carol] = [await scene.signUp('alice'), await scene.signUp('bob'), await scene.signUp('carol')];
const people = [alice, bob, carol];
await scene.database.query('update users set email_verified_at = now()');
await writeSlackTalk(folder, { ...TALK, people });
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** The command in a process of its own, as an operator runs it. */
async function spawnImport(workspaceId: string) {
  const child = spawn(
    process.execPath,
    [await builtService('fechatter'), 'import', 'slack', folder, '--workspace', workspaceId],
    {
      env: {
        PATH: process.env.PATH,
        ...testEnvironment,
        FECHATTER_DATABASE_URL: accessOf(scene.database, 'importer').url,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, closed: once(child, 'close') as Promise<[number | null]>, output: () => output };
}

async function wholeImport(workspaceId: string): Promise<string> {
  const { closed, output } = await spawnImport(workspaceId);
  const [code] = await closed;
  expect([code, code === 0 ? '' : output()]).toEqual([0, '']);
  return output();
}

const written = async (workspaceId: string): Promise<number> => {
  const [row] = await scene.database.query<{ count: number }>(
    'select count(*)::int as count from messages m join chat_heads h on h.chat_id = m.chat_id where h.workspace_id = $1',
    [workspaceId],
  );
  return row?.count ?? 0;
};

/** Everything that members see of the messages, but for ids that each workspace has its own of. */
async function resultOf(workspaceId: string) {
  const rows = await scene.database.query<{ chatId: string; id: string; body: Buffer }>(
    `select c.name, m.chat_id as "chatId", m.id, m.seq, m.number, m.version, m.sender_id, m.body, m.created_at, m.edited_at,
       m.parts, r.number as root, t.reply_count, t.participant_ids,
       (select jsonb_agg(jsonb_build_array(x.user_id, x.emoji, x.seq) order by x.seq) from reactions x where x.message_id = m.id) as reactions
     from chats c join messages m on m.chat_id = c.id left join messages r on r.id = m.thread_id
     left join threads t on t.root_id = m.id where c.workspace_id = $1 order by c.name, m.seq`,
    [workspaceId],
  );
  return rows.map(({ chatId, id, body, ...row }) => ({
    ...row,
    text: scene.serverDeps.cipher.open(chatId, id, body),
  }));
}

test(
  `an import that is killed ${KILLS} times has the result of one that is not, and a follower sees no gap`,
  async () => {
    const [whole, killed] = [await scene.workspaceOf(alice, bob, carol), await scene.workspaceOf(alice, bob, carol)];
    await using follower = await bob.listen();
    const total = sizeOf(TALK).messages;
    expect(await wholeImport(whole)).toContain(`imported: ${total} messages`);

    const points: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const { child, closed, output } = await spawnImport(killed);
      const before = points.at(-1) ?? 0;
      const hasWritten = async () => {
        if (child.exitCode !== null) throw new Error(`it ended before it was killed: ${output()}`);
        // The first is killed while it reads.
        return kill === 0 ? output().includes('into ') : (await written(killed)) > before;
      };
      await until(hasWritten, 'it has written more', WITHIN_MS);
      child.kill('SIGKILL');
      await closed;
      points.push(await written(killed));
    }
    expect(points[0]).toBe(0);
    expect(points.slice(1).every((count, n) => count < total && count > (points[n] ?? 0))).toBe(true);
    const unfinished = await alice.client.workspace.channels.query({ workspaceId: killed });
    expect(unfinished.channels.length).toBeLessThan(TALK.channels);

    await wholeImport(killed);
    expect(await resultOf(killed)).toEqual(await resultOf(whole));
    expect(await wholeImport(killed)).toContain(`${TALK.channels} chats were imported before and stay unchanged`);
    expect(await brokenRules(scene.database)).toEqual({});

    // Each chat came once, and what is sent next is the next that the follower sees of it.
    const { channels } = await alice.client.workspace.channels.query({ workspaceId: killed });
    for (const { id: chatId } of channels) {
      const sent = await alice.client.message.send.mutate({ chatId, content: 'and now' });
      await follower.seen((event) => event.kind === 'message.created' && event.message.id === sent.id);
      const ofChat = follower.events.flatMap((event) => {
        if (event.kind === 'chat.created')
          return event.chat.id === chatId ? [`created, imported: ${event.isImported}`] : [];
        return event.kind === 'message.created' && event.message.chatId === chatId ? [event.message.content] : [];
      });
      expect(ofChat).toEqual(['created, imported: true', 'and now']);
    }
    expect(follower.events.filter(({ kind }) => kind === 'reset')).toEqual([]);
  },
  WITHIN_MS,
);
