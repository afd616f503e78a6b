import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoText } from './iso-text.ts';

test('any dates have the text of toISOString, also those of the same day', () => {
  const ofAnyDay = fc.date({ noInvalidDate: true });
  const ofOneDay = fc.date({ noInvalidDate: true, min: new Date(-86_400_000), max: new Date(86_400_000) });
  fc.assert(
    fc.property(fc.array(fc.oneof(ofAnyDay, ofOneDay), { minLength: 1, maxLength: 20 }), (dates) => {
      expect(dates.map(isoText)).toEqual(dates.map((date) => date.toISOString()));
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  '0000-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '+010000-01-01T00:00:00.000Z',
  '-000001-12-31T23:59:59.999Z',
])('%s is written as it is', (text) => expect([new Date(text), new Date(text)].map(isoText)).toEqual([text, text]));

test('an invalid date is refused', () => {
  expect(() => isoText(new Date(Number.NaN))).toThrow(RangeError);
});
