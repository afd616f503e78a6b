import { matchOf, parseQuery, stopWordsOf, unitsOf } from '@fechatter/search';
import type { Person } from '@fechatter/server/testing';
import { chanceOf } from '@fechatter/testing/chance';
import { expect, test } from 'vitest';
import { searchedServer } from '../testing/searched-server.ts';

const words = [
  'deploy',
  'Deploying',
  'the',
  'server',
  'naïve',
  'BRÛLÉE',
  'brulee',
  'кошка',
  'Ёлка',
  'ёлка',
  'οδός',
  'ΟΔΟΣ',
  'שלום',
  'مرحبا',
  '東京都',
  '京都',
  'サーバー',
  'ｻｰﾊﾞｰ',
  '한국어',
  'ภาษาไทย',
  '北京',
  'iPhone充電器',
  '🎉',
  'foo.bar()',
  'https://x.example/a?b=c',
  'snake_case',
  'co-op',
  'x1',
  '½',
  '1',
];
const queries = [
  'deploy',
  'deploy*',
  'server',
  'the server',
  '"the server"',
  'naive',
  'brulee -deploy',
  'кошка',
  'елка',
  'ёлка',
  'οδοσ',
  'שלום',
  'مرحبا',
  '東京',
  '京都',
  '"京都 サーバー"',
  'サーバー',
  '한국',
  'ภาษา',
  '北京 server',
  '充電',
  'foo.bar',
  'has:link',
  'example',
  'case',
  '"co op"',
  'iph*',
  'x1',
  '1 2',
  'has:link deploy',
  '-deploy has:link',
];
const stopWords = stopWordsOf(['en']);
const SEED = 20_261_130;

test('a search finds what comparing every message finds, after edits, deletions and leaving', {
  timeout: 240_000,
}, async () => {
  const chance = chanceOf(SEED);
  await using stage = await searchedServer();
  const { alice, bob, workspace } = await stage.app.workspaceOf('alice', 'bob');
  const workspaceId = workspace.id;
  const chatIds: string[] = [];
  for (let n = 0; n < 4; n++) {
    const input = { workspaceId, chatType: 'Group' as const, name: `chat ${n}`, memberIds: [bob.id] };
    chatIds.push((await alice.trpc.chat.create.mutate(input)).id);
  }
  const text = () =>
    Array.from({ length: 1 + chance.below(6) }, () => chance.pick(words)).join(chance.pick([' ', ' ', ', ', '']));
  const sent: { chatId: string; id: string; by: Person }[] = [];
  const change = async (times: number) => {
    for (let n = 0; n < times; n++) {
      const dice = chance.below(10);
      const { chatId, id, by } = chance.pick(sent.length === 0 ? [{ chatId: '', id: '', by: alice }] : sent);
      if (sent.length === 0 || dice < 7) {
        const one = { chatId: chance.pick(chatIds), by: chance.pick([alice, bob]) };
        const content = text();
        const made = await one.by.trpc.message.send.mutate({ chatId: one.chatId, content });
        sent.push({ ...one, id: made.id });
      } else if (dice < 9)
        await by.trpc.message.edit.mutate({ chatId, messageId: id, content: text() }).catch(() => {});
      else await by.trpc.message.delete.mutate({ chatId, messageId: id }).catch(() => {});
    }
  };
  const everything = async (person: Person) => {
    const { chats } = await person.trpc.chat.list.query({ workspaceId });
    const lists = chats.map(({ id: chatId }) => person.trpc.message.list.query({ chatId, limit: 100 }));
    return (await Promise.all(lists)).flatMap(({ messages }) => messages);
  };
  const byComparing = async (person: Person, query: string) => {
    const { terms, excluded, has } = parseQuery(query);
    const searched = terms.filter(
      ({ units, isPrefix }) => units.length > 1 || isPrefix || !stopWords.has(units[0]?.text ?? ''),
    );
    return (await everything(person)).flatMap(({ id, content }) => {
      if (has.includes('link') && !/https?:\/\/[^\s/]/i.test(content)) return [];
      const ranges = matchOf(unitsOf(content), { terms: searched, excluded, stopWords });
      return ranges === undefined ? [] : [{ id, ranges: ranges.map((range) => [...range]) }];
    });
  };
  const bySearching = async (person: Person, query: string) => {
    const found: { id: string; ranges: number[][] }[] = [];
    let cursor: string | undefined;
    do {
      const page = await person.trpc.message.search.query({ workspaceId, query, limit: 7, cursor });
      found.push(...page.hits.map(({ message, ranges }) => ({ id: message.id, ranges })));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return found;
  };
  let hits = 0;
  const compare = async () => {
    for (const person of [alice, bob])
      for (const query of queries) {
        const found = await bySearching(person, query);
        expect(found.map(({ id }) => id)).toEqual(
          found
            .map(({ id }) => id)
            .toSorted()
            .toReversed(),
        );
        const expected = (await byComparing(person, query)).toSorted((a, b) => (a.id < b.id ? 1 : -1));
        expect(found, query).toEqual(expected);
        hits += found.length;
      }
  };
  await change(50);
  await stage.index();
  await change(50);
  await stage.consume();
  await compare();
  await bob.trpc.chat.leave.mutate({ chatId: chatIds[0] ?? '' });
  await change(20).catch(() => {});
  await stage.consume();
  await compare();
  expect(hits).toBeGreaterThan(200);
});
