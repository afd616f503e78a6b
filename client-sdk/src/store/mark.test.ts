import { describe, expect, test } from 'vitest';
import { afterOwn, laterMark, type Mark } from './mark.ts';

const start: Mark = { lastReadSeq: 1, lastReadNumber: 0, markVersion: 0, markSeq: 1 };

/** What a client receives: a response or an event with the whole mark, or an own message. */
type Update = { readonly mark: Mark } | { readonly own: { readonly seq: number; readonly number: number } };

/** A chat that has only messages, as the service keeps it: message n has seq n + 1. */
class Service {
  readonly updates: Update[] = [];
  mark = start;
  #last = 0;

  others(count: number): this {
    this.#last += count;
    return this;
  }

  own(): this {
    this.#last += 1;
    const own = { seq: this.#last + 1, number: this.#last };
    this.mark = { ...this.mark, lastReadSeq: own.seq, lastReadNumber: own.number };
    this.updates.push({ own });
    return this;
  }

  /** A device moves the mark, in either direction. */
  move(number: number): this {
    const markVersion = this.mark.markVersion + 1;
    this.mark = { lastReadSeq: number + 1, lastReadNumber: number, markVersion, markSeq: this.#last + 1 };
    return this.read();
  }

  /** A read, or an event that is filled now, contains the current mark. */
  read(): this {
    this.updates.push({ mark: this.mark });
    return this;
  }
}

const orders = <T>(items: readonly T[]): T[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item, at) =>
        orders([...items.slice(0, at), ...items.slice(at + 1)]).map((rest) => [item, ...rest]),
      );

const apply = (mark: Mark, update: Update) =>
  'own' in update ? afterOwn(mark, update.own) : laterMark(mark, update.mark);

describe('in any order and repetition of events the mark equals that of the service', () => {
  test.each([
    ['read at 40 on one device, unread from 10 on another', new Service().others(50).move(40).move(9)],
    ['unread from 10, then read at 40', new Service().others(50).move(9).move(40)],
    ['read to the end, and back without anything between', new Service().others(50).move(50).move(9)],
    ['an own message, and back', new Service().others(50).move(40).own().move(9)],
    ['back, and an own message', new Service().others(50).move(40).move(9).own()],
    ['own messages on both sides of a move', new Service().others(9).own().move(3).own().others(2).move(5).own()],
    ['a read between own messages', new Service().others(9).move(3).own().read().own().move(11).own().read()],
    ['the last word is a move behind an own message', new Service().others(3).own().own().move(1).others(4).move(2)],
  ])('%s', (_, service) => {
    const all = orders(service.updates);
    expect(all.length).toBeGreaterThan(1);
    for (const order of all) {
      expect(order.reduce(apply, start)).toEqual(service.mark);
      expect([...order, ...order].reduce(apply, start)).toEqual(service.mark);
    }
  });
});

test('an update without news leaves the mark unchanged', () => {
  const known = { ...start, lastReadSeq: 5, lastReadNumber: 4, markVersion: 2, markSeq: 4 };
  expect(laterMark(known, { ...known })).toBe(known);
  expect(laterMark(known, { ...known, markVersion: 1, lastReadSeq: 9 })).toBe(known);
  expect(afterOwn(known, { seq: 4, number: 3 })).toBe(known);
});
