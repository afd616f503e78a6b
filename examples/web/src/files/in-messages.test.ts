import { expect, test } from 'vitest';
import { sendInMessages } from './in-messages.ts';

const filesOf = (count: number) => Array.from({ length: count }, (_, n) => new File([], `${n}`));

test('files beyond what one message can have are sent in further ones', () => {
  const files = filesOf(23);
  const sent: (readonly File[])[] = [];
  let left: readonly File[] = files;
  sendInMessages(files, {
    send(some, isFirst) {
      expect(isFirst).toBe(sent.length === 0);
      sent.push(some);
    },
    onSent: (rest) => (left = rest),
  });
  expect(sent.map(({ length }) => length)).toEqual([10, 10, 3]);
  expect(sent.flat()).toEqual(files);
  expect(left).toEqual([]);
});

test('when too much waits, what was sent is not sent again', () => {
  const files = filesOf(25);
  let left: readonly File[] = files;
  const sent: File[] = [];
  let room = 1;
  const sending = {
    send(some: readonly File[]) {
      if (room === 0) throw new RangeError('too much is waiting');
      room -= 1;
      sent.push(...some);
    },
    onSent: (rest: readonly File[]) => (left = rest),
  };
  expect(() => sendInMessages(left, sending)).toThrow(RangeError);
  expect(left).toEqual(files.slice(10));
  room = 2;
  sendInMessages(left, sending);
  expect(sent).toEqual(files);
});
