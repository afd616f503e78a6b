import { testServer } from '@fechatter/server/testing';
import { brokenRules } from '@fechatter/server/invariants';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { importing } from '../testing/imported.ts';
import { CHANNEL, type MadeMessage, madeExports } from '../testing/made-exports.ts';
import { importKinds } from './kinds.ts';

// What others fell into, for each kind of source, from the export to what a member reads. What a source cannot have is named.

const app = await testServer();
const imports = importing(app);
const alice = await app.signUp('alice');
const folder = await mkdtemp(join(tmpdir(), 'fechatter-traps-'));
afterAll(async () => {
  await imports[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

type Kind = keyof typeof madeExports;
const kinds = Object.keys(madeExports) as Kind[];

interface Trap {
  readonly name: string;
  /** The files of the export, in their order. */
  readonly files: readonly (readonly MadeMessage[])[];
  /** What is in the main timeline, oldest first: `sender: text`; a post with its replies behind `>`. */
  readonly shows: readonly string[];
  /** Reasons in the report. */
  readonly reports?: readonly string[];
  /** What the source cannot have, and why; or what it shows instead. */
  readonly except?: Partial<
    Record<Kind, string | { readonly shows: readonly string[]; readonly reports?: readonly string[] }>
  >;
}

const said = (key: string, at: unknown, from: string | null, text: string | null, more: Partial<MadeMessage> = {}) => ({
  key,
  at,
  from,
  text,
  ...more,
});
const NO_TIME = 'a message without a time is left out';
const LONG = Array.from({ length: 900 }, (_, n) => `слово-${n}`).join(' ');

const traps: readonly Trap[] = [
  {
    name: 'a person who is not among the users',
    files: [[said('a', 1, 'anna', 'hi'), said('b', 2, 'ghost', 'boo')]],
    shows: ['anna: hi', 'ghost: boo'],
    // Named by the id: nothing else is known.
    except: { zulip: { shows: ['anna: hi', '3: boo'] } },
  },
  {
    name: 'a message without a sender',
    files: [[said('a', 1, null, 'done'), said('b', 2, 'anna', 'thanks')]],
    shows: ['unknown: done', 'anna: thanks'],
    except: {
      slack: { shows: ['Bot: done', 'anna: thanks'] },
      zulip: { shows: ['anna: thanks'], reports: ['a message without a sender or recipient is left out'] },
      irc: 'a line without a nick is no message',
    },
  },
  {
    name: 'times that are missing or none',
    files: [
      [null, 'NaN', -1e15, 1e15].map((at, n) => said(`${n}`, at, 'anna', `never ${n}`)),
      [said('a', 1, 'anna', 'now')],
    ],
    shows: ['anna: now'],
    reports: [NO_TIME],
    except: { irc: 'a line without a time is no message' },
  },
  {
    name: 'several messages of one time, in the order of the source',
    files: [['one', 'two', 'three', 'four'].map((text) => said(text, 7, 'anna', text))],
    shows: ['anna: one', 'anna: two', 'anna: three', 'anna: four'],
  },
  {
    name: 'files in another order than their messages',
    files: [[said('c', 30, 'bob', 'third')], [said('a', 10, 'anna', 'first'), said('b', 20, 'bob', 'second')]],
    shows: ['anna: first', 'bob: second', 'bob: third'],
    except: {
      mattermost: { shows: ['anna: first', 'bob: second', 'bob: third'] },
      irc: 'the name of a file is its date, so its place is its time',
    },
  },
  {
    name: 'a reply in an earlier file than its post',
    files: [[said('b', 20, 'bob', 'reply', { replyTo: 'a' })], [said('a', 10, 'anna', 'post')]],
    shows: ['anna: post > bob: reply'],
    except: { zulip: 'a reply names its topic', irc: 'there are no replies' },
  },
  {
    name: 'a reply that is older than its post, and one whose post is nowhere',
    files: [
      [
        said('b', 5, 'bob', 'early', { replyTo: 'a' }),
        said('a', 10, 'anna', 'post'),
        said('c', 20, 'bob', 'lost', { replyTo: 'nowhere' }),
      ],
    ],
    shows: ['bob: early', 'anna: post', 'bob: lost'],
    reports: ['a reply whose post is missing or newer is in the main timeline'],
    except: {
      // Its replies are in the post.
      mattermost: {
        shows: ['bob: early', 'anna: post'],
        reports: ['a reply whose post is missing or newer is in the main timeline'],
      },
      zulip: 'a reply names its topic',
      irc: 'there are no replies',
    },
  },
  {
    name: 'a message of nothing but null',
    files: [[said('a', 1, 'anna', null), said('b', 2, 'bob', 'text')]],
    shows: ['bob: text'],
    reports: ['a message without text is left out'],
    except: { irc: 'a line has no fields' },
  },
  {
    name: 'a text that is longer than a message can be',
    files: [[said('a', 1, 'anna', LONG), said('b', 2, 'bob', 'short')]],
    shows: [`anna: ${LONG}`, 'bob: short'],
    reports: ['a long message is split'],
  },
  {
    name: 'a file whose content is not there',
    files: [[said('a', 1, 'anna', '', { file: { name: 'план 🎉.pdf' } }), said('b', 2, 'bob', 'ok')]],
    shows: ['anna: [план 🎉.pdf]', 'bob: ok'],
    reports: ['a file is not imported'],
    except: { zulip: 'files are in a list of their own', irc: 'there are no files' },
  },
];

const cases = traps.flatMap((trap) =>
  kinds.flatMap((kind) => (typeof trap.except?.[kind] === 'string' ? [] : [[trap.name, kind, trap] as const])),
);

/** The only channel as a member reads it; parts of a long message as one. */
async function shown(workspaceId: string): Promise<string[]> {
  const { channels } = await alice.trpc.workspace.channels.query({ workspaceId });
  expect(channels.map(({ name }) => name)).toEqual([CHANNEL]);
  const chatId = channels[0]?.id ?? '';
  const lines: string[] = [];
  const { messages } = await alice.trpc.message.list.query({ chatId });
  for (const { id, content, sender, thread } of messages.toReversed()) {
    const replies = thread && (await alice.trpc.message.list.query({ chatId, threadId: id })).messages;
    const all = [{ content, sender }, ...(replies ?? []).toReversed()];
    lines.push(all.map((one) => `${one.sender.name}: ${one.content}`).join(' > '));
  }
  return lines;
}

/** A long message in one piece again. */
const joined = (lines: readonly string[]): string[] => {
  const whole: string[] = [];
  for (const line of lines) {
    const before = whole.at(-1);
    const [sender = ''] = line.split(':');
    if (before !== undefined && before.length > 4_000 && before.startsWith(`${sender}: `))
      whole[whole.length - 1] = before + line.slice(sender.length + 2);
    else whole.push(line);
  }
  return whole;
};

test.each(cases)('%s: %s', async (name, kind, trap) => {
  const path = await madeExports[kind](join(folder, `${traps.indexOf(trap)}-${kind}`), trap.files);
  const workspace = await alice.trpc.workspace.create.mutate({ name });
  const report = await imports.into(workspace.id, importKinds[kind].parse(path, { timeZone: 'UTC' }), { source: name });
  const { shows, reports = [] } = trap.except?.[kind] ? (trap.except[kind] as Trap) : trap;
  expect(joined(await shown(workspace.id))).toEqual(shows);
  expect(report.problems.map(({ reason }) => reason)).toEqual(expect.arrayContaining([...reports]));
});

test('what was imported keeps every rule', async () => {
  expect(await brokenRules(app.database)).toEqual({});
});
