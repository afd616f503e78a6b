import { type LoggedEvent, loggedEvents, type NounName } from '@fechatter/contract';
import { createMessageCipher, type LogEntry } from '@fechatter/drizzle';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryEntry } from '../testing/arbitrary-entry.ts';
import { eventOf } from './event-of-entry.ts';

const cipher = createMessageCipher([{ id: 1, key: Buffer.alloc(32) }]);
const READER = '0190a3c4-0000-7000-8000-000000000001';

/** The event for an entry, and the reported errors. */
function shown(entry: LogEntry): { event: LoggedEvent; errors: unknown[] } {
  const errors: unknown[] = [];
  const event = eventOf(entry, READER, { cipher, onUnreadable: (_, error) => errors.push(error) });
  return { event, errors };
}

// All present and future kinds, with arbitrary facts, references, nouns and content.
describe.each(loggedEvents.map((definition) => [definition.kind, definition] as const))('%s', (kind, definition) => {
  test('any row results in an event of its kind, whatever it contains and whichever nouns are deleted', () => {
    fc.assert(
      fc.property(arbitraryEntry(definition), (entry) => {
        const { event } = shown(entry);
        expect(event.kind).toBe(kind);
        expect(definition.schema.safeParse(event).error).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  test('each missing noun is reported once', () => {
    fc.assert(
      fc.property(arbitraryEntry(definition), (entry) => {
        const gone = (definition.needs as readonly NounName[]).filter((name) => entry.nouns[name] === undefined);
        const { errors } = shown(entry);
        const ofNouns = errors.filter((error) => error instanceof Error && error.message.endsWith('is not there'));
        expect(ofNouns).toHaveLength(gone.length);
      }),
      { numRuns: 50 },
    );
  });
});
