import { canSee, type Memberships, type Period } from '@fechatter/contract';
import { expect, test } from 'vitest';
import { history, isEnd, random, USERS } from '../testing/histories.ts';
import { MembershipIndex, scopeOf } from './membership-index.ts';
import { Reader } from './reader.ts';

interface Known extends Period {
  readonly scope: 'workspace' | 'chat';
  readonly id: string;
}

/** The rule, by checking every period. */
function seesByLookingAtAll(known: readonly Known[], { scope, id }: Known, seq: number, workspaceId: string): boolean {
  const isOpen = known.some((one) => one.scope === 'workspace' && one.id === workspaceId && one.leftSeq === null);
  return known.some(
    (one) =>
      one.scope === scope &&
      one.id === id &&
      seq >= one.joinedSeq &&
      (one.leftSeq === seq || (one.leftSeq === null && (scope === 'workspace' || isOpen))),
  );
}

test('the index agrees with a plain list of periods, over any order of joins, ends, forgetting and reads', () => {
  let [compared, forgotten] = [0, 0];
  for (let seed = 1; seed <= 25; seed++) {
    const pick = random(seed);
    const index = new MembershipIndex();
    const readers = USERS.map((userId) => new Reader(userId, index.workspaceOf, { from: 0 }));
    const lists = new Map<Reader, Known[]>(readers.map((reader) => [reader, []]));
    for (const row of history(seed, 150)) {
      const { scope, id, seq } = scopeOf(row);
      for (const reader of readers) {
        index.apply(reader, row, row.opensFor);
        const list = lists.get(reader) ?? [];
        const at = list.findIndex((one) => one.scope === scope && one.id === id && one.leftSeq === null);
        const isSubject = row.subjectId === reader.userId;
        const opens =
          row.effect === 'opens' ? isSubject : row.effect === 'opens_all' && row.opensFor.includes(reader.userId);
        if (opens) list.push({ scope, id, joinedSeq: seq, leftSeq: null });
        const open = list[at];
        if (open !== undefined && isEnd(row) && (isSubject || row.effect === 'ends_all'))
          list[at] = { ...open, leftSeq: seq };
        // Read again, as by a late response of the database: what is known stays.
        const known = list[pick(list.length + 1)];
        if (known !== undefined)
          index.add(reader, {
            ...known,
            workspaceId: known.id.slice(0, 2),
            leftSeq: pick(2) === 0 ? null : known.leftSeq,
          });
        const ended = list.filter(({ leftSeq }) => leftSeq !== null)[pick(12)];
        if (ended !== undefined) {
          index.forget(reader, { ...ended, leftSeq: ended.leftSeq ?? 0, leftAtMs: 0 });
          list.splice(list.indexOf(ended), 1);
          forgotten++;
        }
        for (const one of list) {
          expect(index.membersOf(one.scope, one.id).has(reader)).toBe(true);
          for (const asked of [one.joinedSeq, one.joinedSeq + 1, one.leftSeq ?? 0, seq]) {
            const place = one.scope === 'chat' ? { chatId: one.id, chatSeq: asked, workspaceSeq: null } : { chatId: null, chatSeq: null, workspaceSeq: asked }; // biome-ignore format: one line
            const workspaceId = one.id.slice(0, 2);
            const expected = seesByLookingAtAll(list, one, asked, workspaceId);
            expect(canSee(reader satisfies Memberships, { ...row, ...place, userId: null, workspaceId })).toBe(
              expected,
            );
            compared++;
          }
        }
        for (const [of, byId] of [['chat', reader.chats], ['workspace', reader.workspaces]] as const) // biome-ignore format: one line
          for (const place of byId.keys()) expect(list.some((one) => one.scope === of && one.id === place)).toBe(true);
      }
    }
    for (const reader of readers) index.remove(reader);
    for (const id of ['w0', 'w1', 'w0c0', 'w1c1']) {
      expect(index.membersOf('workspace', id).size).toBe(0);
      expect(index.membersOf('chat', id).size).toBe(0);
    }
  }
  expect(compared).toBeGreaterThan(10_000);
  expect(forgotten).toBeGreaterThan(50);
});
