import { describe, expect, test } from 'vitest';
import { type Budgets, type Cost, createBudgets } from './budgets.ts';

const limits = {
  readsPerMinute: 1_200,
  writesPerMinute: 600,
  heavyPerMinute: 60,
  signalsPerMinute: 300,
  heavyAtOnce: 2,
};
const MINUTE = 60_000;

/** A person whose calls happen at simulated times. */
function caller(budgets: Budgets, userId = 'ada') {
  const call = (cost: Cost) => {
    const responseHeaders = new Headers();
    try {
      budgets.take({ principal: { userId }, responseHeaders }, cost);
      return { ok: true, headers: responseHeaders };
    } catch (error) {
      return { ok: false, headers: responseHeaders, error };
    }
  };
  return {
    call,
    passed: (cost: Cost, calls: number) =>
      Array.from({ length: calls }, () => call(cost)).filter(({ ok }) => ok).length,
  };
}

test('a heavy user is never refused: ten calls a second for ten minutes, with bursts of fifty', () => {
  let now = 1_000;
  const ada = caller(createBudgets(limits, () => now));
  let refused = 0;
  for (let tenth = 0; tenth < 6_000; tenth++, now += 100) {
    // Six reads and four writes a second, and a burst, such as opening a page, every 20 s.
    if (!ada.call(tenth % 10 < 6 ? 'read' : 'write').ok) refused++;
    if (tenth % 200 === 0) refused += 50 - ada.passed(tenth % 400 === 0 ? 'read' : 'write', 50);
  }
  expect(refused).toBe(0);
});

test('ten writes a second are never refused', () => {
  let now = 0;
  const ada = caller(createBudgets(limits, () => now));
  for (let n = 0; n < 3_000; n++, now += 100) expect(ada.call('write').ok).toBe(true);
});

test.each(['read', 'write', 'heavy', 'signal', 'auth'] as const)(
  'a minute’s %s budget may be used at once, refills evenly, and belongs to one person',
  (cost) => {
    const max = { read: 1_200, write: 600, heavy: 60, signal: 300, auth: 120 }[cost];
    let now = 5_000;
    const budgets = createBudgets(limits, () => now);
    const [ada, bob] = [caller(budgets), caller(budgets, 'bob')];
    expect(ada.passed(cost, max + 50)).toBe(max);
    expect(budgets.refusals).toMatchObject({ [cost]: 50 });
    const { error, headers } = ada.call(cost);
    expect(error).toMatchObject({ reason: 'rate_limited', retryAfterMs: Math.ceil(MINUTE / max) });
    expect([headers.get('RateLimit-Limit'), headers.get('RateLimit-Remaining')]).toEqual([String(max), '0']);
    now += MINUTE / 2;
    expect(ada.passed(cost, max)).toBe(max / 2);
    expect(bob.passed(cost, max)).toBe(max);
    now += 10 * MINUTE;
    expect(ada.passed(cost, max + 1)).toBe(max);
  },
);

test('the rest of a budget is reported, and waiting for the reported time is enough', () => {
  let now = 0;
  const ada = caller(createBudgets({ ...limits, heavyPerMinute: 7 }, () => now));
  const reported = () => {
    const { headers } = ada.call('heavy');
    return ['Limit', 'Remaining', 'Reset'].map((name) => Number(headers.get(`RateLimit-${name}`)));
  };
  expect(reported()).toEqual([7, 6, 9]);
  expect(reported()).toEqual([7, 5, 18]);
  ada.passed('heavy', 5);
  for (let n = 0; n < 100; n++) {
    const { error } = ada.call('heavy');
    now += (error as { retryAfterMs: number }).retryAfterMs;
    expect(ada.call('heavy').ok).toBe(true);
  }
});

test('0 switches a budget off, and procedures with their own limit are not counted', () => {
  const off = caller(createBudgets({ ...limits, readsPerMinute: 0 }, () => 0));
  expect([off.passed('read', 5_000), off.passed('own', 5_000)]).toEqual([5_000, 5_000]);
});

describe('a long call', () => {
  test('is limited in how many run at once, and each end frees one place, once', () => {
    const budgets = createBudgets(limits, () => 0);
    const [first] = [budgets.beginHeavy('ada'), budgets.beginHeavy('ada')];
    expect(() => budgets.beginHeavy('ada')).toThrow(expect.objectContaining({ reason: 'rate_limited' }));
    budgets.beginHeavy('bob');
    first();
    first();
    budgets.beginHeavy('ada');
    expect(() => budgets.beginHeavy('ada')).toThrow(expect.objectContaining({ reason: 'rate_limited' }));
  });
});
